import * as tf from "@tensorflow/tfjs";
import { blur } from "../ops/blur.ts";
import { upsampleKernel } from "../ops/resample_kernel.ts";
import "../ops/second_gradients.ts";
import { equalizedDense } from "./equalized_dense.ts";
import { fanIn, type Initializer, normal } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** Options of {@linkcode modulatedConv2d}. */
export interface ModulatedConv2dOptions {
  /** Input channels. */
  inChannels: number;
  /** Output channels. */
  outChannels: number;
  /** Length of w. */
  styleFeatures: number;
  /** Side of the kernel in pixels, odd. Default 3. */
  kernel?: number;
  /** Normalizes each output channel of each sample to unit variance. Default true. */
  demodulate?: boolean;
  /** Doubles the resolution, then smooths with the binomial filter. Default false. */
  upsample?: boolean;
  /** Multiplies the result. Default 1. */
  gain?: number;
  /** Initial weights, default N(0, 1). */
  init?: Initializer;
}

/**
 * Convolution whose input channels are scaled by a learned affine map of the style, s = A(w), and
 * whose output channels are scaled back to unit variance (Karras et al. 2020, "Analyzing and
 * Improving the Image Quality of StyleGAN", equations 1 to 3):
 *
 *     y_o = gain · d_o · Σ_i (x_i · s_i) ∗ (c · W_io)    d_o = 1 / √(Σ_i s_i² Σ_k (c · W_kio)² + ε)
 *
 * with c = 1 / √(kernel² · in). The paper scales the weights, one set per sample; scaling inputs
 * and outputs is equivalent because the convolution is linear, and lets all samples share one
 * convolution. It has no bias, because noise may be added before the bias.
 *
 * With `upsample` it is nearest neighbour, convolution and blur as in `upsampleConv2d`; together
 * they equal the paper's zero insertion, convolution and filter [1, 3, 3, 1].
 * @param parameters receives "weight" [kernel, kernel, in, out] and scope "style" (the map A, whose
 * bias is initialized to 1)
 * @returns x [N, H, W, in] and w [N, styleFeatures] → [N, H, W, out], or [N, 2H, 2W, out]
 */
export function modulatedConv2d(
  parameters: Parameters,
  options: ModulatedConv2dOptions,
): (x: tf.Tensor4D, w: tf.Tensor2D) => tf.Tensor4D {
  const { inChannels, outChannels, styleFeatures, kernel = 3, gain = 1 } = options;
  const { demodulate = true, upsample = false, init = normal() } = options;
  if (kernel % 2 === 0) {
    throw new RangeError(
      `Cannot make a modulated convolution: expected an odd kernel, received ${kernel}`,
    );
  }
  const shape: [number, number, number, number] = [kernel, kernel, inChannels, outChannels];
  const weight = parameters.variable("weight", shape, init, { equalized: true });
  const affine = equalizedDense(parameters.scope("style"), {
    inFeatures: styleFeatures,
    outFeatures: inChannels,
    gain: 1,
    biasInit: 1,
  });
  const scale = 1 / Math.sqrt(fanIn(shape));

  function convolve(x: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D {
    if (!upsample) return tf.conv2d(x, filter, 1, "same");
    const [batch, height, width] = x.shape;
    const size: [number, number, number, number] = [batch, 2 * height, 2 * width, outChannels];
    return tf.conv2dTranspose(x, upsampleKernel(filter), size, 2, "same");
  }

  return (x, w) => {
    const filter = tf.mul<tf.Tensor4D>(weight, demodulate ? scale : scale * gain);
    const style = affine(w); // [N, in]
    const scaled = tf.mul<tf.Tensor4D>(x, tf.reshape(style, [-1, 1, 1, inChannels]));
    let y = convolve(scaled, filter);
    if (demodulate) {
      const power = tf.sum<tf.Tensor2D>(tf.square(filter), [0, 1]); // [in, out]
      const variance = tf.matMul<tf.Tensor2D>(tf.square(style), power); // [N, out]
      const inverse = tf.mul(tf.rsqrt(tf.add(variance, 1e-8)), gain);
      y = tf.mul<tf.Tensor4D>(y, tf.reshape(inverse, [-1, 1, 1, outChannels]));
    }
    return upsample ? blur(y) : y;
  };
}
