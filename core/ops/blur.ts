import * as tf from "@tensorflow/tfjs";
import { linear } from "./custom_gradient.ts";

/**
 * Smooths each channel with [1, 2, 1] ⊗ [1, 2, 1] / 16 and zero padding: the binomial filter that
 * StyleGAN applies after upsampling and before downsampling (Karras et al. 2019, section 2; Zhang
 * 2019). The kernel is symmetric, so the op is its own adjoint.
 * @param x [N, H, W, C]
 * @returns [N, H, W, C]
 */
export function blur(x: tf.Tensor4D): tf.Tensor4D {
  return linear(x, convolve, blur);
}

const TAPS = [1, 2, 1].flatMap((a) => [1, 2, 1].map((b) => a * b / 16));

function convolve(x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  const values = Float32Array.from(
    { length: 9 * channels },
    (_, i) => TAPS[Math.floor(i / channels)]!,
  );
  return tf.depthwiseConv2d(x, tf.tensor4d(values, [3, 3, channels, 1]), 1, "same");
}
