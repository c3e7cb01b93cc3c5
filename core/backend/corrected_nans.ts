/** Kernels of tfjs's WASM backend that lose NaN, and would hide that a training diverges. */
import * as tf from "@tensorflow/tfjs";
import {
  type Correction,
  input,
  type KernelArguments,
  run,
  withInputs,
} from "./kernel_correction.ts";

/** By kernel. */
export const CORRECTED_NANS: Readonly<Record<string, Correction>> = {
  AvgPool: nanOfSums,
  ClipByValue: clipByValue,
  Conv2D: nanOfSums,
  DepthwiseConv2dNative: nanOfSums,
  FusedConv2D: fusedConvolution,
  FusedDepthwiseConv2D: fusedConvolution,
  _FusedMatMul: activateAfterwards,
  Maximum: nanOfSecond,
  Minimum: nanOfSecond,
  Relu: nanOfOnly,
  Relu6: nanOfOnly,
};

/**
 * On some processors all averages, and convolutions by one pixel, are -Infinity where they are NaN.
 * What is -Infinity is Infinity for the negative of `x`; what is NaN is -Infinity again.
 */
function nanOfSums(original: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  const y = run(original, args);
  if (tf.min(y).dataSync()[0] !== -Infinity) return y;
  const negative = run(original, withInputs(args, { x: tf.neg(input(args, "x")) }));
  return tf.where(tf.equal(tf.add(y, negative), -Infinity), NaN, y);
}

/** As a convolution alone, and activated afterwards. */
function fusedConvolution(original: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  const attributes = args.attrs as unknown as FusedAttributes; // its attributes
  // refused where it isn't "prelu"
  const { preluActivationWeights: weights, ...inputs } = args.inputs;
  const attrs = { ...args.attrs, activation: "linear" };
  const y = nanOfSums(original, { ...args, inputs, attrs });
  switch (attributes.activation) {
    case "linear":
      return y;
    case "leakyrelu":
      return tf.leakyRelu(y, attributes.leakyreluAlpha);
    case "prelu":
      return tf.prelu(y, weights as tf.Tensor); // which it needs
    default:
      return tf[attributes.activation](y);
  }
}

interface FusedAttributes {
  activation: "linear" | "relu" | "relu6" | "elu" | "sigmoid" | "leakyrelu" | "prelu";
  leakyreluAlpha: number;
}

/** Takes NaN from `x`, which broadcasts to the shape of `y`. */
function nanOf(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? tf.where(tf.isNaN(x), x, y) : y;
}

/** tfjs compares the bits of whole numbers as if they were floats. */
function clipByValue(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  const x = input(args, "x");
  const { clipValueMin, clipValueMax } = args.attrs as unknown as ClipAttributes; // its attributes
  if (x.dtype === "float32") return nanOf(x, run(original, args));
  const [minimum, maximum] = [clipValueMin, clipValueMax].map(wholeNumber) as [number, number];
  const above = tf.maximum(tf.cast(x, "int32"), tf.scalar(minimum, "int32"));
  return tf.cast(tf.minimum(above, tf.scalar(maximum, "int32")), x.dtype);
}

interface ClipAttributes {
  clipValueMin: number;
  clipValueMax: number;
}

/** The nearest int32 towards 0, as the result is rounded. */
function wholeNumber(x: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}

export function nanOfOnly(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  return nanOf(input(args, "x"), run(original, args));
}

/** tfjs gives the first where a comparison with the second is false, as all with NaN are. */
function nanOfSecond(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  return nanOf(input(args, "b"), run(original, args));
}

/** tfjs makes 0 of NaN. */
function activateAfterwards(
  original: tf.KernelFunc,
  args: KernelArguments,
): ReturnType<Correction> {
  const attributes = args.attrs as unknown as { activation: string }; // its attribute
  const { activation } = attributes;
  if (activation !== "relu" && activation !== "relu6") return original(args);
  const y = run(original, { ...args, attrs: { ...attributes, activation: "linear" } });
  return tf[activation](y);
}
