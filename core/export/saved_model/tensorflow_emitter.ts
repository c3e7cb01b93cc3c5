/** Collects the nodes of several graphs in TensorFlow's ops, as one plan for a GraphDef. */
import { AttrKind, DType } from "../../backend/tensorflow/binding/dtypes.ts";
import type { Attribute } from "../../backend/tensorflow/binding/attributes.ts";
import type { GraphPlan } from "../../backend/tensorflow/graph/graph_plan.ts";
import { sha256 } from "../../sha256.ts";
import { ExportError } from "../export_error.ts";
import { type Graph, type GraphDType, type GraphType, type Size, typesOf } from "../graph.ts";

/** TensorFlow's numbers of our element types. */
export const TENSORFLOW_DTYPES: Record<GraphDType, number> = {
  float32: DType.FLOAT,
  int32: DType.INT32,
};

const empty = { attributes: [], outputs: [] };

/** Creates attributes of each type. */
export const attribute = {
  type: (name: string, dtype: GraphDType): Attribute => ({
    name,
    type: AttrKind.TYPE,
    value: TENSORFLOW_DTYPES[dtype],
  }),
  integer: (name: string, value: number | readonly number[]): Attribute => ({
    name,
    type: AttrKind.INT,
    value,
  }),
  float: (name: string, value: number): Attribute => ({ name, type: AttrKind.FLOAT, value }),
  flag: (name: string, value: boolean): Attribute => ({ name, type: AttrKind.BOOL, value }),
  word: (name: string, value: string): Attribute => ({ name, type: AttrKind.STRING, value }),
};

/** Collects the nodes of several graphs; the names of each graph have its own prefix. */
export class TensorflowEmitter {
  readonly plan: GraphPlan = { inputs: [], constants: [], nodes: [], outputs: [] };
  readonly #shared = new Map<string, string>();
  #prefix = "";
  #graph: Graph | undefined;
  #types = new Map<string, GraphType>();
  #names = new Map<string, string>();

  /** Starts a graph. */
  begin(prefix: string, graph: Graph): void {
    this.#prefix = prefix;
    this.#graph = graph;
    this.#types = typesOf(graph);
    this.#names = new Map();
    for (const [index, { name, dtype, shape }] of graph.inputs.entries()) {
      const made = `${prefix}/${name}`;
      this.plan.inputs.push({
        name: made,
        dtype: TENSORFLOW_DTYPES[dtype],
        shape: shape.map((size) => typeof size === "number" ? size : -1),
        source: { kind: "input", index },
      });
      this.#names.set(name, `${made}:0`);
    }
    for (const { name, dtype, shape, values } of graph.constants) {
      const { buffer, byteOffset, byteLength } = values;
      const bytes = new Uint8Array(buffer, byteOffset, byteLength);
      this.#names.set(name, this.#constant(dtype, shape, bytes));
    }
  }

  /** @returns the name of the first output */
  add(op: string, inputs: readonly string[], attributes: readonly Attribute[]): string {
    const name = `${this.#prefix}/${op}_${this.plan.nodes.length}`;
    this.plan.nodes.push({ ...empty, name, op, inputs, attributes });
    return `${name}:0`;
  }

  set(name: string, made: string): void {
    this.#names.set(name, made);
  }

  get(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    throw new ExportError(`Cannot export: expected ${name} before it is used`);
  }

  typeOf(name: string): GraphType {
    const type = this.#types.get(name);
    if (type) return type;
    throw new ExportError(`Cannot export: expected the type of ${name}`);
  }

  /** A list of integers, or a single one as a scalar. */
  integers(values: readonly number[] | number): string {
    const list = Int32Array.from(typeof values === "number" ? [values] : values);
    const shape = typeof values === "number" ? [] : [list.length];
    return this.#constant("int32", shape, new Uint8Array(list.buffer));
  }

  float(value: number): string {
    return this.#constant("float32", [], new Uint8Array(Float32Array.of(value).buffer));
  }

  /** Sizes as a tensor; those that are only known at run time are read from the inputs. */
  shape(sizes: readonly Size[]): string {
    if (sizes.every((size) => typeof size === "number")) return this.integers(sizes);
    const parts = sizes.map((size) => {
      if (typeof size === "number") return this.integers(size);
      return size.of.reduce(
        (product, symbol) =>
          this.add("Mul", [product, this.#symbol(symbol)], [attribute.type("T", "int32")]),
        this.integers(size.times),
      );
    });
    return this.add("Pack", parts, [
      attribute.integer("N", parts.length),
      attribute.type("T", "int32"),
      attribute.integer("axis", 0),
    ]);
  }

  #symbol(symbol: string): string {
    const known = this.#names.get(`size ${symbol}`);
    if (known !== undefined) return known;
    for (const { name, dtype, shape } of this.#graph?.inputs ?? []) {
      const axis = shape.findIndex((size) => typeof size !== "number" && size.of[0] === symbol);
      if (axis < 0) continue;
      const types = [attribute.type("T", dtype), attribute.type("out_type", "int32")];
      const sides = this.add("Shape", [this.get(name)], types);
      const ends = [this.integers([axis]), this.integers([axis + 1]), this.integers([1])];
      const size = this.add("StridedSlice", [sides, ...ends], [
        attribute.type("T", "int32"),
        attribute.type("Index", "int32"),
        attribute.integer("shrink_axis_mask", 1),
      ]);
      this.#names.set(`size ${symbol}`, size);
      return size;
    }
    throw new ExportError(`Cannot export: expected an input with a side ${symbol}`);
  }

  #constant(dtype: GraphDType, shape: readonly number[], bytes: Uint8Array): string {
    const key = `${dtype} ${shape} ${sha256(bytes)}`; // signatures share their weights
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = `weights/${this.plan.constants.length}`;
    this.plan.constants.push({
      name,
      dtype: TENSORFLOW_DTYPES[dtype],
      shape,
      bytes,
      uniform: false,
    });
    this.#shared.set(key, `${name}:0`);
    return `${name}:0`;
  }
}
