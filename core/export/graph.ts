/**
 * A network as data: ops in execution order, with its weights as constants. It is recorded once
 * ({@linkcode recordGraph}) and then written in the formats of other programs.
 */

/** Element types of graphs. */
export type GraphDType = "float32" | "int32";

/** A size: a number, or a number times symbols that are only known at run time, such as "N". */
export type Size = number | { readonly times: number; readonly of: readonly string[] };

/** Element type and shape. */
export interface GraphType {
  readonly dtype: GraphDType;
  readonly shape: readonly Size[];
}

/** A named value of the graph. */
export interface GraphValue extends GraphType {
  readonly name: string;
}

/** A weight or another constant. */
export interface GraphConstant extends GraphValue {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** The values that attributes can have. */
export type GraphAttribute = number | string | boolean | readonly number[] | readonly Size[];

/** An op, named like tfjs's kernel; its attributes are those of {@linkcode GRAPH_OPS}. */
export interface GraphNode {
  readonly op: string;
  /** Names of values. */
  readonly inputs: readonly string[];
  readonly outputs: readonly GraphValue[];
  readonly attributes: Readonly<Record<string, GraphAttribute>>;
}

/** A function. */
export interface Graph {
  readonly inputs: readonly GraphValue[];
  readonly constants: readonly GraphConstant[];
  /** In execution order. */
  readonly nodes: readonly GraphNode[];
  /** The values that it returns: external name → name in the graph. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A graph without its numbers, as stored in JSON. */
export interface GraphText extends Omit<Graph, "constants"> {
  readonly constants: readonly Omit<GraphConstant, "values">[];
}

/** The types of all values, by name. */
export function typesOf(graph: Graph): Map<string, GraphType> {
  const values = [...graph.inputs, ...graph.constants, ...graph.nodes.flatMap((n) => n.outputs)];
  return new Map(values.map((value) => [value.name, value]));
}

/** Evaluates a size with the given values of its symbols. */
export function sizeWith(size: Size, known: Readonly<Record<string, number>>): number {
  if (typeof size === "number") return size;
  return size.of.reduce((product, symbol) => product * known[symbol]!, size.times); // all known
}
