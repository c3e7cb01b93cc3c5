/**
 * A network as data: ops in the order in which they run, with its weights as constants. It is
 * recorded once ({@linkcode recordGraph}) and written in other programs' formats from here.
 */

/** Values that graphs compute with. */
export type GraphDType = "float32" | "int32";

/** A size: a number, or a number times sizes that are known when it runs, such as "N". */
export type Size = number | { readonly times: number; readonly of: readonly string[] };

/** Element type and shape. */
export interface GraphType {
  readonly dtype: GraphDType;
  readonly shape: readonly Size[];
}

/** A value of the graph, by its name. */
export interface GraphValue extends GraphType {
  readonly name: string;
}

/** A weight, or another number that stays. */
export interface GraphConstant extends GraphValue {
  readonly shape: readonly number[];
  readonly values: Float32Array | Int32Array;
}

/** What an op's attributes may be. */
export type GraphAttribute = number | string | boolean | readonly number[] | readonly Size[];

/** An op, named as tfjs names its kernels; attributes are those of {@linkcode GRAPH_OPS}. */
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
  /** In an order in which they can run. */
  readonly nodes: readonly GraphNode[];
  /** Names of the values that it returns, by what they are called outside. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A graph without its numbers: what JSON holds. */
export interface GraphText extends Omit<Graph, "constants"> {
  readonly constants: readonly Omit<GraphConstant, "values">[];
}

/** Types of all values, by name. */
export function typesOf(graph: Graph): Map<string, GraphType> {
  const values = [...graph.inputs, ...graph.constants, ...graph.nodes.flatMap((n) => n.outputs)];
  return new Map(values.map((value) => [value.name, value]));
}

/** A size where its symbols are known. */
export function sizeWith(size: Size, known: Readonly<Record<string, number>>): number {
  if (typeof size === "number") return size;
  return size.of.reduce((product, symbol) => product * known[symbol]!, size.times); // all known
}
