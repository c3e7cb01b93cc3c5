/** Builds one graph from recordings that differ in a size or a number. */
import { ExportError } from "./export_error.ts";
import type { Graph, GraphConstant, GraphDType, GraphNode, GraphValue, Size } from "./graph.ts";
import { GRAPH_OPS, type KernelTrials } from "./graph_ops.ts";
import type { KernelRecording, RecordedConstant, RecordedSource } from "./record_once.ts";
import { sizeOf, type SizeTrials } from "./sizes.ts";

/** The recordings that {@linkcode buildGraph} compares. */
export interface GraphTrials {
  first: KernelRecording;
  /** One per symbol, in the order of `sizes`. */
  bySize: readonly KernelRecording[];
  /** One per number. */
  byNumber: readonly KernelRecording[];
  sizes: SizeTrials;
  numbers: readonly { name: string; first: number; other: number }[];
}

/** @throws ExportError if the recordings differ in more than sizes and numbers */
export function buildGraph(trials: GraphTrials): Graph {
  const { first, bySize, byNumber, sizes } = trials;
  for (const other of [...bySize, ...byNumber]) expectSameKernels(first, other);
  const sized = [first, ...bySize];
  const shapeOf = (shapes: readonly (readonly number[])[]): Size[] =>
    shapes[0]!.map((_, i) => sizeOf(shapes.map((shape) => shape[i]!), sizes)); // same rank
  const inputs: GraphValue[] = first.inputs.map(({ name, dtype }, i) => ({
    name,
    dtype: dtypeOf(dtype),
    shape: shapeOf(sized.map((one) => one.inputs[i]!.shape)), // same length, see above
  }));
  const constants: GraphConstant[] = [], nodes: GraphNode[] = [];
  const names = first.constants.map((constant, i) => {
    const number = trials.numbers.find((_, k) => !sameValues(constant, byNumber[k]!.constants[i]!));
    if (number) {
      expectNumber(number, constant, byNumber[trials.numbers.indexOf(number)]!.constants[i]!);
      if (inputs.every(({ name }) => name !== number.name)) {
        inputs.push({ name: number.name, dtype: "float32", shape: [] });
      }
      return number.name;
    }
    return addConstant(i, shapeOf(sized.map((one) => one.constants[i]!.shape)));
  });
  const nameOf = (source: RecordedSource): string => {
    if (source.kind === "input") return source.name;
    if (source.kind === "constant") return names[source.index]!; // in range
    return `v${source.index}_${source.output}`;
  };

  first.kernels.forEach((recorded, index) => {
    const { kernel } = recorded, op = GRAPH_OPS[kernel];
    if (!op) {
      throw new ExportError(
        `Cannot export ${kernel}: expected one of ${Object.keys(GRAPH_OPS).join(", ")}`,
      );
    }
    const shapes = recorded.outputs.map((_, k) =>
      shapeOf(sized.map((one) => one.kernels[index]!.outputs[k]!.shape)) // the same kernels
    );
    const trial: KernelTrials = {
      kernel,
      attributes: sized.map((one) => one.kernels[index]!.attributes),
      inputs: sized.map((one) => one.kernels[index]!.inputs.map(({ shape }) => shape)),
      output: shapes[0]!, // one at least
    };
    const sources = op.inputs === "*" ? recorded.inputs : op.inputs.map((key) => {
      const input = recorded.inputs.find((one) => one.key === key);
      if (!input) throw new ExportError(`Cannot export ${kernel}: expected its input ${key}`);
      return input;
    });
    nodes.push({
      op: kernel,
      inputs: sources.map(({ source }) => nameOf(source)),
      outputs: recorded.outputs.map(({ dtype }, k) => ({
        name: `v${index}_${k}`,
        dtype: dtypeOf(dtype),
        shape: shapes[k]!, // same length
      })),
      attributes: op.read?.(trial) ?? {},
    });
  });
  const twice = inputs.find(({ name }) => Object.hasOwn(first.outputs, name));
  if (twice) {
    throw new ExportError(`Cannot export: expected no output named as an input, "${twice.name}"`);
  }
  const outputs = Object.fromEntries(
    Object.entries(first.outputs).map(([name, source]) => [name, nameOf(source)]),
  );
  return { inputs, constants, nodes, outputs };

  /**
   * Adds a constant. If it has a size that is only known at run time, the part that is repeated
   * along it is stored.
   */
  function addConstant(index: number, shape: readonly Size[]): string {
    const constant = first.constants[index]!; // in range
    const name = `c${index}`, dtype = dtypeOf(constant.dtype);
    if (shape.every((size) => typeof size === "number")) {
      constants.push({ name, dtype, shape, values: constant.values });
      return name;
    }
    const small = shape.map((size) => typeof size === "number" ? size : 1);
    constants.push({
      name: `${name}_row`,
      dtype,
      shape: small,
      values: repeatedPart(constant, small),
    });
    nodes.push({
      op: "BroadcastTo",
      inputs: [`${name}_row`],
      outputs: [{ name, dtype, shape }],
      attributes: { shape },
    });
    return name;
  }
}

function dtypeOf(dtype: string): GraphDType {
  if (dtype === "float32" || dtype === "int32") return dtype;
  throw new ExportError(`Cannot export: expected values of float32 or int32, received ${dtype}`);
}

function expectSameKernels(a: KernelRecording, b: KernelRecording): void {
  const text = ({ kernels, outputs, inputs, constants }: KernelRecording) =>
    JSON.stringify([
      kernels.map(({ kernel, inputs }) => [kernel, inputs.map(({ source }) => source)]),
      outputs,
      inputs.map(({ name }) => name),
      constants.length,
    ]);
  if (text(a) === text(b)) return;
  throw new ExportError(
    "Cannot export: expected the same ops whatever the sizes and numbers, received others for " +
      "another batch, picture or truncation",
  );
}

function sameValues(a: RecordedConstant, b: RecordedConstant): boolean {
  return a.values.length === b.values.length && a.values.every((v, i) => Object.is(v, b.values[i]));
}

function expectNumber(
  { name, first, other }: GraphTrials["numbers"][number],
  a: RecordedConstant,
  b: RecordedConstant,
): void {
  const is = (constant: RecordedConstant, value: number) =>
    constant.values.length === 1 && constant.values[0] === Math.fround(value);
  if (is(a, first) && is(b, other)) return;
  throw new ExportError(
    `Cannot export: expected ${name} to enter tensor code as it is, received a tensor ` +
      `[${a.shape}] that was computed from it before`,
  );
}

/**
 * The values of a constant that repeats along its larger sizes. @throws ExportError if it doesn't
 */
function repeatedPart({ values, shape }: RecordedConstant, small: readonly number[]) {
  const length = small.reduce((product, size) => product * size, 1);
  const row = values instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  for (let at = values.length - 1; at >= 0; at--) {
    row[broadcastIndex(at, shape, small)] = values[at]!;
  }
  if (values.every((value, at) => Object.is(value, row[broadcastIndex(at, shape, small)]))) {
    return row;
  }
  throw new ExportError(
    `Cannot export: expected constants that are alike for each image, received [${shape}] that ` +
      `differ`,
  );
}

/** The index in `small`, whose sizes are equal or 1, of the element `at` of `shape`. */
function broadcastIndex(at: number, shape: readonly number[], small: readonly number[]): number {
  let place = 0, stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const coordinate = at % shape[i]!; // in range
    at = Math.floor(at / shape[i]!);
    if (small[i] !== 1) place += coordinate * stride;
    stride *= small[i]!;
  }
  return place;
}
