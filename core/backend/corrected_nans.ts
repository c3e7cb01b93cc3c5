/**
 * Corrections of the kernels of tfjs's WASM backend that swallow NaN, which would hide a diverging
 * training run.
 */
import * as tf from "@tensorflow/tfjs";
import {
  type Correction,
  input,
  type KernelArguments,
  run,
  withInputs,
} from "./kernel_correction.ts";

/** By kernel name. */
export const CORRECTED_NANS: Readonly<Record<string, Correction>> = {
  AvgPool: restoreNanOfSums,
  ClipByValue: clipByValue,
  Conv2D: restoreNanOfSums,
  DepthwiseConv2dNative: restoreNanOfSums,
  FusedConv2D: fusedConvolution,
  FusedDepthwiseConv2D: fusedConvolution,
  _FusedMatMul: activateAfterwards,
  Maximum: restoreNanOfSecond,
  Minimum: restoreNanOfSecond,
  Relu: restoreNan,
  Relu6: restoreNan,
};

/**
 * On some processors, averages and 1×1 convolutions give -Infinity where they should give NaN. A
 * true -Infinity becomes Infinity when `x` is negated; a NaN becomes -Infinity again. That tells
 * them apart.
 */
function restoreNanOfSums(original: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  const y = run(original, args);
  if (tf.min(y).dataSync()[0] !== -Infinity) return y;
  const negative = run(original, withInputs(args, { x: tf.neg(input(args, "x")) }));
  return tf.where(tf.equal(tf.add(y, negative), -Infinity), NaN, y);
}

/** Runs the convolution alone, with its NaN corrected, and applies the activation afterwards. */
function fusedConvolution(original: tf.KernelFunc, args: KernelArguments): tf.Tensor {
  const attributes = args.attrs as unknown as FusedAttributes; // this kernel's attributes
  // refused where it isn't "prelu"
  const { preluActivationWeights: weights, ...inputs } = args.inputs;
  const attrs = { ...args.attrs, activation: "linear" };
  const y = restoreNanOfSums(original, { ...args, inputs, attrs });
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

/** Restores the NaN of `x`, which broadcasts to the shape of `y`. */
function withNanOf(x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? tf.where(tf.isNaN(x), x, y) : y;
}

/** tfjs compares the bits of int32 values as if they were floats. */
function clipByValue(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  const x = input(args, "x");
  const { clipValueMin, clipValueMax } = args.attrs as unknown as ClipAttributes; // its attributes
  if (x.dtype === "float32") return withNanOf(x, run(original, args));
  const [minimum, maximum] = [clipValueMin, clipValueMax].map(toInt32) as [number, number];
  const above = tf.maximum(tf.cast(x, "int32"), tf.scalar(minimum, "int32"));
  return tf.cast(tf.minimum(above, tf.scalar(maximum, "int32")), x.dtype);
}

interface ClipAttributes {
  clipValueMin: number;
  clipValueMax: number;
}

/** The limit rounded towards 0, as the result is, and clamped to the int32 range. */
function toInt32(x: number): number {
  return Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x)));
}

export function restoreNan(original: tf.KernelFunc, args: KernelArguments): ReturnType<Correction> {
  return withNanOf(input(args, "x"), run(original, args));
}

/**
 * tfjs returns the first operand unless a comparison with the second is true, and comparisons with
 * NaN never are.
 */
function restoreNanOfSecond(
  original: tf.KernelFunc,
  args: KernelArguments,
): ReturnType<Correction> {
  return withNanOf(input(args, "b"), run(original, args));
}

/** tfjs's fused activations turn NaN into 0. */
function activateAfterwards(
  original: tf.KernelFunc,
  args: KernelArguments,
): ReturnType<Correction> {
  const attributes = args.attrs as unknown as { activation: string }; // this kernel's attribute
  const { activation } = attributes;
  if (activation !== "relu" && activation !== "relu6") return original(args);
  const y = run(original, { ...args, attrs: { ...attributes, activation: "linear" } });
  return tf[activation](y);
}
