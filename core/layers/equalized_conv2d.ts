import * as tf from "@tensorflow/tfjs";
import "../ops/second_gradients.ts";
import { fanIn, type Initializer, normal, zeros } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** A layer on images: [N, H, W, C] to [N, H', W', C']. */
export type ImageLayer = (x: tf.Tensor4D) => tf.Tensor4D;

/** Options of {@linkcode equalizedConv2d}. */
export interface EqualizedConv2dOptions {
  /** Input channels. */
  inChannels: number;
  /** Output channels. */
  outChannels: number;
  /** Side of the kernel in pixels. Default 3. */
  kernel?: number;
  /** Default 1. */
  stride?: number;
  /** Default √2 (He et al. 2015); use 1 if no nonlinearity follows. */
  gain?: number;
  /** Default "same". */
  padding?: "same" | "valid";
  /** Default true. */
  bias?: boolean;
  /** Default 1. */
  learningRateMultiplier?: number;
  /** Initial weights, default N(0, 1). */
  init?: Initializer;
}

/**
 * Convolution with an equalized learning rate: y = x ∗ (c · w) + b, with w ~ N(0, 1) and c = gain /
 * √(kernel² · inChannels) applied at run time, so that all weights learn at the same speed (Karras
 * et al. 2018, section 4.1).
 * @param parameters receives "weight" [kernel, kernel, in, out] and "bias" [out]
 * @returns [N, H, W, in] → [N, H/stride, W/stride, out]
 */
export function equalizedConv2d(
  parameters: Parameters,
  options: EqualizedConv2dOptions,
): ImageLayer {
  const { stride = 1, padding = "same" } = options;
  const { filter, offset } = equalizedWeights(parameters, options);
  return (x) => offset(tf.conv2d(x, filter(), stride, padding)); // [N, H', W', out]
}

/**
 * Creates the weights of an equalized convolution (Karras et al. 2018, section 4.1).
 * @param parameters receives "weight" [kernel, kernel, in, out] and "bias" [out]
 * @returns the scaled filter, and a function that adds the bias if there is one
 */
export function equalizedWeights(
  parameters: Parameters,
  options: Omit<EqualizedConv2dOptions, "stride" | "padding">,
): { filter(): tf.Tensor4D; offset(y: tf.Tensor4D): tf.Tensor4D } {
  const { inChannels, outChannels, kernel = 3, gain = Math.SQRT2, bias = true } = options;
  const { learningRateMultiplier = 1, init = normal() } = options;
  const shape: [number, number, number, number] = [kernel, kernel, inChannels, outChannels];
  const scale = gain / Math.sqrt(fanIn(shape));
  const weight = parameters.variable("weight", shape, init, {
    learningRateMultiplier,
    equalized: true,
  });
  const added = bias
    ? parameters.variable("bias", [outChannels], zeros, { learningRateMultiplier })
    : undefined;
  return {
    filter: () => tf.mul<tf.Tensor4D>(weight, scale),
    offset: (y) => added ? tf.add<tf.Tensor4D>(y, added) : y,
  };
}
