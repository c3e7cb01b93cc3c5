/** Integers, booleans and NaN, which a backend made for floats may get wrong. */
import * as tf from "@tensorflow/tfjs";
import { type OpCase, whole } from "./op_case.ts";

/** Integers from −4 to 4. */
const int32 = (x: tf.Tensor) => tf.cast(tf.sub(x, 4), "int32");
/** Booleans from integers, of which all but 0 are true. */
const bool = (x: tf.Tensor) => tf.cast(int32(x), "bool");

type Operation = (x: tf.Tensor) => tf.Tensor;
const OPERATIONS: Record<string, Operation> = {
  mean: (x) => tf.mean(x),
  "mean by an axis": (x) => tf.mean(x, 1, true),
  moments: (x) => {
    const { mean, variance } = tf.moments(x, 0);
    return tf.stack([mean, variance]);
  },
  exp: (x) => tf.exp(x),
  "exp, its input kept": (x) => tf.add(tf.exp(x), tf.cast(x, "float32")),
  isNaN: (x) => tf.isNaN(x),
  isInf: (x) => tf.isInf(x),
  isFinite: (x) => tf.isFinite(x),
  leakyRelu: (x) => tf.leakyRelu(x),
  clipByValue: (x) => tf.clipByValue(x, -2, 2),
  "sum of true ones": (x) => tf.sum(tf.cast(x, "bool")),
  "cast to bool and back": (x) => tf.cast(tf.cast(x, "bool"), "float32"),
  logicalNot: (x) => tf.logicalNot(tf.cast(x, "bool")),
  stridedSlice: (x) => tf.stridedSlice(x, [0, 1], [3, 5], [2, 3]),
  reverse: (x) => tf.reverse(x, 1),
  where: (x) => tf.where(tf.greater(x, 0), x, tf.reverse(x)),
  transpose: (x) => tf.transpose(x),
};
const OF_INTEGERS: Record<string, Operation> = {
  round: (x) => tf.round(x),
  relu: (x) => tf.relu(x),
  maximum: (x) => tf.maximum(x, tf.scalar(1, "int32")),
  topk: (x) => tf.topk(x, 2).values,
  "oneHot in float32": (x) => tf.oneHot(tf.abs(x), 5, 0.5, -1, "float32"),
  "oneHot in bool": (x) => tf.oneHot(tf.abs(x), 5, 1, 0, "bool"),
};

/** NaN in place of every negative number, and infinite values. */
const nan = (x: tf.Tensor) => tf.div(tf.sqrt(tf.sub(x, 4)), tf.relu(tf.sub(x, 5)));
const OF_NAN: Record<string, Operation> = {
  clipByValue: (x) => tf.clipByValue(x, -0.5, 0.5),
  maximum: (x) => tf.maximum(x, -1),
  "maximum of the second": (x) => tf.maximum(-1, x),
  minimum: (x) => tf.minimum(x, tf.reverse(x)),
  "minimum of the second": (x) => tf.minimum(tf.ones([2, 1, 1]), x),
  relu: (x) => tf.relu(x),
  relu6: (x) => tf.relu6(x),
  leakyRelu: (x) => tf.leakyRelu(x),
  "product and relu": (x) =>
    tf.fused.matMul({ a: x as tf.Tensor2D, b: tf.ones([5, 2]), activation: "relu" }),
  mean: (x) => tf.mean(x, 1),
  isNaN: (x) => tf.isNaN(x),
  avgPool: (x) => tf.avgPool(image(x), 2, 1, "same"),
  "avgPool of infinite ones": (x) => tf.avgPool(image(ofBothSigns(x)), 2, 1, "same"),
  "convolution by one pixel": (x) => tf.conv2d(image(x), tf.ones([1, 1, 1, 1]), 1, "same"),
  "depthwise convolution by one pixel": (x) =>
    tf.depthwiseConv2d(image(x), tf.ones([1, 1, 1, 1]), 1, "same"),
  "convolution by one pixel and relu": (x) => fusedConvolution("conv2d", x, "relu"),
  "convolution by one pixel and leakyRelu": (x) => fusedConvolution("conv2d", x, "leakyrelu"),
  "depthwise convolution by one pixel and relu": (x) =>
    fusedConvolution("depthwiseConv2d", x, "relu"),
};

function fusedConvolution(
  kind: "conv2d" | "depthwiseConv2d",
  x: tf.Tensor,
  activation: "relu" | "leakyrelu",
): tf.Tensor {
  return tf.fused[kind]({
    x: image(x),
    filter: tf.ones([1, 1, 1, 1]),
    strides: 1,
    pad: "same",
    activation,
    leakyreluAlpha: 0.2,
  });
}

/** One image with one channel. */
const image = (x: tf.Tensor): tf.Tensor4D => tf.reshape(x, [1, 3, 5, 1]);
/** NaN becomes -Infinity. */
const ofBothSigns = (x: tf.Tensor) => tf.where(tf.isNaN(x), -Infinity, x);

const DTYPES = { int32, bool, nan };

function ofDtype(dtype: keyof typeof DTYPES, operations: Record<string, Operation>): OpCase[] {
  return Object.entries(operations).map(([name, run]) => ({
    name: `${name} of ${dtype === "nan" ? "NaN" : dtype}`,
    inputs: [whole([3, 5], 9)],
    run: ([x]) => run(DTYPES[dtype](x!)),
    gradient: false,
  }));
}

export const DTYPE_CASES: readonly OpCase[] = [
  ...ofDtype("int32", { ...OPERATIONS, ...OF_INTEGERS }),
  ...ofDtype("bool", OPERATIONS),
  ...ofDtype("nan", OF_NAN),
];
