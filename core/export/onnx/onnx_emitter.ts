/** Collects the nodes of an ONNX graph while a graph's ops are translated. */
import { ExportError } from "../export_error.ts";
import type { Graph, GraphAttribute, GraphType, Size } from "../graph.ts";
import { typesOf } from "../graph.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "./onnx_model.ts";

/**
 * Our images are [N, H, W, C], but ONNX's image ops take [N, C, H, W]: a value can be known in
 * either layout, and is transposed when the other one is needed.
 */
export class OnnxEmitter {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #types: Map<string, GraphType>;
  readonly #constants: Map<string, Graph["constants"][number]>;
  readonly #inputs: Graph["inputs"];
  /** ONNX names of the graph's values, in the original layout and with channels first. */
  readonly #plain = new Map<string, string>();
  readonly #first = new Map<string, string>();
  readonly #shared = new Map<string, string>();

  constructor(graph: Graph) {
    this.#types = typesOf(graph);
    this.#constants = new Map(graph.constants.map((constant) => [constant.name, constant]));
    this.#inputs = graph.inputs;
    for (const { name } of graph.inputs) this.#plain.set(name, name);
  }

  /** @returns the name of the node's only output */
  add(op: string, inputs: readonly string[], attributes?: Record<string, OnnxAttribute>): string {
    const [output] = this.addMany(op, inputs, 1, attributes);
    return output!; // one was requested
  }

  addMany(
    op: string,
    inputs: readonly string[],
    count: number,
    attributes: Record<string, OnnxAttribute> = {},
  ): string[] {
    const outputs = Array.from({ length: count }, (_, i) => `${op}_${this.nodes.length}_${i}`);
    this.nodes.push({ op, inputs, outputs, attributes });
    return outputs;
  }

  /** Registers a value of the graph. */
  set(name: string, made: string): void {
    this.#plain.set(name, made);
  }

  /** Registers a value of the graph that is in channels-first layout. */
  setFirst(name: string, made: string): void {
    this.#first.set(name, made);
  }

  /** The ONNX name of a value in the original layout. */
  get(name: string): string {
    let known = this.#plain.get(name);
    if (known !== undefined) return known;
    const first = this.#first.get(name), constant = this.#constants.get(name);
    if (first !== undefined) known = this.add("Transpose", [first], { perm: [0, 2, 3, 1] });
    else if (constant) {
      const { name, dtype, shape, values } = constant;
      this.tensors.push({ name, dtype, shape, values });
      known = name;
    } else throw new ExportError(`Cannot export: expected ${name} before it is used`);
    this.#plain.set(name, known);
    return known;
  }

  /** The ONNX name of a value [N, H, W, C] as [N, C, H, W]. */
  channelsFirst(name: string): string {
    let known = this.#first.get(name);
    if (known === undefined) {
      known = this.add("Transpose", [this.get(name)], { perm: [0, 3, 1, 2] });
      this.#first.set(name, known);
    }
    return known;
  }

  shapeOf(name: string): readonly Size[] {
    const type = this.#types.get(name);
    if (!type) throw new ExportError(`Cannot export: expected the type of ${name}`);
    return type.shape;
  }

  /** A size that must be known when the file is written. */
  sideOf(name: string, axis: number): number {
    const size = this.shapeOf(name)[axis];
    if (typeof size === "number") return size;
    throw new ExportError(`Cannot export: expected side ${axis} of ${name} to be a number`);
  }

  /**
   * A filter [height, width, a, b] with its axes in ONNX's order.
   * @throws ExportError if it is computed from inputs
   */
  filter(name: string, order: readonly [number, number, number, number]): string {
    const constant = this.#constants.get(name);
    if (!constant || !(constant.values instanceof Float32Array)) {
      throw new ExportError("Cannot export a convolution: expected its filter to be a constant");
    }
    return this.#share(`${name} ${order}`, () => {
      const shape = order.map((axis) => constant.shape[axis]!); // four of four
      const values = transposed(constant.values as Float32Array, constant.shape, order);
      return { dtype: "float32", shape, values };
    });
  }

  integers(values: readonly number[]): string {
    return this.#share(`integers ${values}`, () => ({
      dtype: "int64",
      shape: [values.length],
      values: BigInt64Array.from(values, BigInt),
    }));
  }

  /** A list of numbers, or a single one as a scalar. */
  floats(values: readonly number[] | number): string {
    const list = typeof values === "number" ? [values] : values;
    return this.#share(`floats ${typeof values} ${list}`, () => ({
      dtype: "float32",
      shape: typeof values === "number" ? [] : [list.length],
      values: Float32Array.from(list),
    }));
  }

  /** A shape as a tensor; sizes that are only known at run time are read from the inputs. */
  shape(attribute: GraphAttribute | undefined): string {
    const sizes = attribute as readonly Size[]; // as recorded
    if (sizes.every((size) => typeof size === "number")) return this.integers(sizes);
    const parts = sizes.map((size) => {
      if (typeof size === "number") return this.integers([size]);
      const symbols = size.of.map((symbol) => this.#symbol(symbol));
      return symbols.reduce(
        (product, symbol) => this.add("Mul", [product, symbol]),
        this.integers([size.times]),
      );
    });
    return this.add("Concat", parts, { axis: { int: 0 } });
  }

  /** The value of a symbol as int64 [1]. */
  #symbol(symbol: string): string {
    const known = this.#plain.get(`size ${symbol}`);
    if (known !== undefined) return known;
    const place = this.#inputs.flatMap(({ name, shape }) =>
      shape.map((size, axis) => ({ name, axis, of: typeof size === "number" ? [] : size.of }))
    ).find(({ of }) => of[0] === symbol);
    if (!place) throw new ExportError(`Cannot export: expected an input with a side ${symbol}`);
    const shape = this.add("Shape", [place.name]);
    const size = this.add("Gather", [shape, this.integers([place.axis])]);
    this.#plain.set(`size ${symbol}`, size);
    return size;
  }

  #share(key: string, make: () => Omit<OnnxTensor, "name">): string {
    let name = this.#shared.get(key);
    if (name === undefined) {
      name = `k${this.#shared.size}`;
      this.#shared.set(key, name);
      this.tensors.push({ name, ...make() });
    }
    return name;
  }
}

/** Transposes a filter to another order of axes. */
function transposed(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): Float32Array {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
  const sides = order.map((axis) => shape[axis]!), steps = order.map((axis) => strides[axis]!);
  const out = new Float32Array(values.length);
  const [a, b, c, d] = sides as [number, number, number, number]; // of a filter
  const [s, t, u, v] = steps as [number, number, number, number];
  let at = 0;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      for (let k = 0; k < c; k++) {
        for (let l = 0; l < d; l++) out[at++] = values[i * s + j * t + k * u + l * v]!; // in range
      }
    }
  }
  return out;
}
