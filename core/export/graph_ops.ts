/** The ops of graphs: how each is read from a recorded kernel, and how it runs on tfjs. */
import * as tf from "@tensorflow/tfjs";
import { resizeMatrix, type ResizeMethod } from "../ops/resize_matrix.ts";
import { ExportError } from "./export_error.ts";
import { type GraphAttribute, type Size, sizeWith } from "./graph.ts";

/** A kernel as it ran in each recording. */
export interface KernelTrials {
  kernel: string;
  /** Attributes in each recording. */
  attributes: readonly Readonly<Record<string, unknown>>[];
  /** Shapes of its inputs in each recording. */
  inputs: readonly (readonly (readonly number[])[])[];
  /** Sizes of its first output. */
  output: readonly Size[];
}

/** An op. */
export interface GraphOp {
  /** Its inputs in the kernel's terms; "*": any number. */
  inputs: readonly string[] | "*";
  /** Reads the attributes of the graph's node. */
  read?(trials: KernelTrials): Record<string, GraphAttribute>;
  run(
    inputs: readonly tf.Tensor[],
    attributes: Readonly<Record<string, GraphAttribute>>,
    sizes: Readonly<Record<string, number>>,
  ): tf.Tensor | tf.Tensor[];
}

type Attributes = Readonly<Record<string, GraphAttribute>>;

const unary = (run: (x: tf.Tensor) => tf.Tensor): GraphOp => ({
  inputs: ["x"],
  run: ([x]) => run(x!), // one, as listed
});
const binary = (run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): GraphOp => ({
  inputs: ["a", "b"],
  run: ([a, b]) => run(a!, b!), // two, as listed
});

/** A number for both sides, or one per side. */
function pair(value: unknown): [number, number] {
  if (Array.isArray(value)) return [Number(value[0]), Number(value.at(-1))];
  return [Number(value), Number(value)];
}

function windowAttributes({ kernel, attributes }: KernelTrials): Record<string, GraphAttribute> {
  const { strides, pad, dilations, dataFormat = "NHWC", filterSize } = attributes[0]!; // a record
  const dilated = pair(dilations ?? 1).some((side) => side !== 1);
  if (dilated || dataFormat !== "NHWC" || (pad !== "same" && pad !== "valid")) {
    throw new ExportError(
      `Cannot export ${kernel}: expected NHWC, no dilation, and padding "same" or "valid", ` +
        `received ${JSON.stringify(attributes[0])}`,
    );
  }
  return {
    strides: pair(strides),
    pad,
    ...(filterSize === undefined ? {} : { filterSize: pair(filterSize) }),
  };
}

/** The enlargement factors of a resize op, for height and width. */
function factorsOf({ kernel, attributes, inputs }: KernelTrials): [number, number] {
  const factors = attributes.map(({ size }, i) => {
    const [height, width] = size as [number, number]; // these kernels'
    const shape = inputs[i]![0]!; // NHWC
    return [height / shape[1]!, width / shape[2]!] as const;
  });
  const [y, x] = factors[0]!; // there is at least one recording
  const isOne = factors.every(([v, u]) => v === y && u === x);
  if (isOne && Number.isInteger(y) && Number.isInteger(x)) return [y, x];
  throw new ExportError(
    `Cannot export ${kernel}: expected an enlargement by whole factors, received ${y} × ${x}`,
  );
}

function axesOf({ attributes, inputs }: KernelTrials): number[] {
  const { axis } = attributes[0]!, rank = inputs[0]![0]!.length; // a record with an input
  const axes = Array.isArray(axis)
    ? axis
    : axis === undefined || axis === null
    ? inputs[0]![0]!.map((_, i) => i)
    : [axis];
  return axes.map((one) => Number(one) < 0 ? Number(one) + rank : Number(one));
}

const reduction = (run: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): GraphOp => ({
  inputs: ["x"],
  // A Reshape that tfjs runs afterwards, or the rank of the result, tells whether axes are kept.
  read: (trials) => ({
    axes: axesOf(trials),
    keepDims: trials.output.length === trials.inputs[0]![0]!.length,
  }),
  run: ([x], { axes, keepDims }) => run(x!, axes as number[], keepDims as boolean), // set by read()
});

const pads = ({ pad }: Attributes) => pad as "same" | "valid"; // set by read()
const sides = (value: GraphAttribute | undefined) => value as [number, number]; // set by read()
const image = (x: tf.Tensor | undefined) => x as tf.Tensor4D; // of these ops

/** By tfjs's kernel name; `BroadcastTo` and `ResizeMatrix` are our own. */
export const GRAPH_OPS: Readonly<Record<string, GraphOp>> = {
  Add: binary(tf.add),
  Sub: binary(tf.sub),
  Multiply: binary(tf.mul),
  RealDiv: binary(tf.div),
  Maximum: binary(tf.maximum),
  Minimum: binary(tf.minimum),
  Abs: unary(tf.abs),
  Exp: unary(tf.exp),
  Log: unary(tf.log),
  Neg: unary(tf.neg),
  Relu: unary(tf.relu),
  Rsqrt: unary(tf.rsqrt),
  Sigmoid: unary(tf.sigmoid),
  Softplus: unary(tf.softplus),
  Sqrt: unary(tf.sqrt),
  Square: unary(tf.square),
  Tanh: unary(tf.tanh),
  LeakyRelu: {
    inputs: ["x"],
    read: ({ attributes }) => ({ alpha: Number(attributes[0]!.alpha) }), // a record
    run: ([x], { alpha }) => tf.leakyRelu(x!, alpha as number), // set by read()
  },
  ClipByValue: {
    inputs: ["x"],
    read: ({ attributes: [first] }) => ({
      minimum: Number(first!.clipValueMin), // there is at least one recording
      maximum: Number(first!.clipValueMax),
    }),
    run: ([x], limits) => tf.clipByValue(x!, Number(limits.minimum), Number(limits.maximum)),
  },
  BatchMatMul: {
    inputs: ["a", "b"],
    read: ({ attributes: [first] }) => ({
      transposeA: first!.transposeA === true, // there is at least one recording
      transposeB: first!.transposeB === true,
    }),
    run: ([a, b], { transposeA, transposeB }) =>
      tf.matMul(a!, b!, transposeA as boolean, transposeB as boolean), // set by read()
  },
  Conv2D: {
    inputs: ["x", "filter"],
    read: windowAttributes,
    run: ([x, filter], attributes) =>
      tf.conv2d(image(x), image(filter), sides(attributes.strides), pads(attributes)),
  },
  Conv2DBackpropInput: {
    inputs: ["dy", "filter"],
    read(trials) {
      const read = windowAttributes(trials), [y, x] = sides(read.strides);
      trials.inputs.forEach(([dy], i) => {
        const to = trials.attributes[i]!.inputShape as number[]; // this kernel's
        if (read.pad === "same" && to[1] === dy![1]! * y && to[2] === dy![2]! * x) return;
        throw new ExportError(
          `Cannot export a transposed convolution: expected [${dy}] enlarged by its strides, ` +
            `received [${to}]`,
        );
      });
      return read;
    },
    run: ([dy, filter], attributes) => {
      const [n, h, w] = image(dy).shape, [y, x] = sides(attributes.strides);
      const shape: [number, number, number, number] = [n, h * y, w * x, image(filter).shape[2]];
      return tf.conv2dTranspose(image(dy), image(filter), shape, [y, x], "same");
    },
  },
  DepthwiseConv2dNative: {
    inputs: ["x", "filter"],
    read: windowAttributes,
    run: ([x, filter], attributes) =>
      tf.depthwiseConv2d(image(x), image(filter), sides(attributes.strides), pads(attributes)),
  },
  AvgPool: {
    inputs: ["x"],
    read: windowAttributes,
    run: ([x], { filterSize, strides, ...rest }) =>
      tf.avgPool(image(x), sides(filterSize), sides(strides), pads(rest)),
  },
  MaxPool: {
    inputs: ["x"],
    read: windowAttributes,
    run: ([x], { filterSize, strides, ...rest }) =>
      tf.maxPool(image(x), sides(filterSize), sides(strides), pads(rest)),
  },
  ResizeNearestNeighbor: {
    inputs: ["images"],
    read(trials) {
      const { alignCorners, halfPixelCenters } = trials.attributes[0]!; // a record
      if (!alignCorners && !halfPixelCenters) return { factors: factorsOf(trials) };
      throw new ExportError("Cannot export: expected pixels to be repeated, received other sizes");
    },
    run: ([x], { factors }) => {
      const [, h, w] = image(x).shape, [y, v] = sides(factors);
      return tf.image.resizeNearestNeighbor(image(x), [h * y, w * v]);
    },
  },
  ResizeMatrix: {
    inputs: ["x"],
    read: (trials) => ({
      factors: factorsOf(trials),
      method: String(trials.attributes[0]!.method), // there is at least one recording
    }),
    run: ([x], { factors, method }) => {
      const [, h, w] = image(x).shape, [y, v] = sides(factors);
      return resizeMatrix(image(x), [h * y, w * v], method as ResizeMethod); // set by read()
    },
  },
  Mean: reduction((x, axes, keep) => tf.mean(x, axes, keep)),
  Sum: reduction((x, axes, keep) => tf.sum(x, axes, keep)),
  Max: reduction((x, axes, keep) => tf.max(x, axes, keep)),
  Reshape: {
    inputs: ["x"],
    read: ({ output }) => ({ shape: output }),
    run: ([x], { shape }, sizes) => tf.reshape(x!, shapeWith(shape, sizes)),
  },
  BroadcastTo: {
    inputs: ["x"],
    run: ([x], { shape }, sizes) => tf.broadcastTo(x!, shapeWith(shape, sizes)),
  },
  Transpose: {
    inputs: ["x"],
    read: ({ attributes: [first] }) => ({ perm: [...first!.perm as number[]] }), // this kernel's
    run: ([x], { perm }) => tf.transpose(x!, perm as number[]), // set by read()
  },
  Concat: {
    inputs: "*",
    read: (trials) => ({ axis: axesOf(trials)[0]! }), // one axis
    run: (inputs, { axis }) => tf.concat([...inputs], axis as number), // set by read()
  },
  SplitV: {
    inputs: ["x"],
    read(trials) {
      const [axis] = axesOf(trials), { numOrSizeSplits } = trials.attributes[0]!; // a record
      const length = trials.inputs[0]![0]![axis!]!; // an axis of the input
      const sizes = Array.isArray(numOrSizeSplits) ? numOrSizeSplits.map(Number) : Array.from(
        { length: Number(numOrSizeSplits) },
        () => length / Number(numOrSizeSplits),
      );
      return { axis: axis!, sizes };
    },
    run: ([x], { axis, sizes }) => tf.split(x!, sizes as number[], axis as number), // set by read()
  },
  OneHot: {
    inputs: ["indices"],
    read: ({ attributes: [first] }) => ({ depth: Number(first!.depth) }), // a record
    run: ([x], { depth }) => tf.oneHot(tf.cast(x!, "int32"), depth as number), // set by read()
  },
  Cast: {
    inputs: ["x"],
    read: ({ attributes: [first] }) => ({ dtype: String(first!.dtype) }), // a record
    run: ([x], { dtype }) => tf.cast(x!, dtype as "float32" | "int32"), // set by read()
  },
};

function shapeWith(
  shape: GraphAttribute | undefined,
  sizes: Readonly<Record<string, number>>,
): number[] {
  return (shape as readonly Size[]).map((size) => sizeWith(size, sizes)); // set by read()
}
