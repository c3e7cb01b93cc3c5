import * as tf from "@tensorflow/tfjs";
import { blur } from "./blur.ts";
import { linear } from "./custom_gradient.ts";
import { upsampleNearest } from "./resample_blocks.ts";

/**
 * Halves the resolution with [1, 3, 3, 1] ⊗ [1, 3, 3, 1] / 64 and zero padding: StyleGAN2's filter
 * before downsampling (Karras et al. 2020, "Analyzing and Improving the Image Quality of StyleGAN",
 * appendix B). It equals `blur` followed by 2×2 averages, in a single op that costs no more than
 * the averages.
 * @param x [N, H, W, C], H and W even
 * @returns [N, H/2, W/2, C]
 * @throws TypeError if a side is odd
 */
export function downsampleBinomial(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width] = x.shape;
  if (height % 2 !== 0 || width % 2 !== 0) {
    throw new TypeError(
      `Cannot downsample: expected an even height and width, received ${height} × ${width}`,
    );
  }
  return linear(x, convolve, (dy) => blur(upsampleNearest(tf.mul<tf.Tensor4D>(dy, 0.25))));
}

const TAPS = [1, 3, 3, 1].flatMap((a) => [1, 3, 3, 1].map((b) => a * b / 64));

function convolve(x: tf.Tensor4D): tf.Tensor4D {
  const channels = x.shape[3];
  const values = Float32Array.from(
    { length: 16 * channels },
    (_, i) => TAPS[Math.floor(i / channels)]!,
  );
  return tf.depthwiseConv2d(x, tf.tensor4d(values, [4, 4, channels, 1]), 2, "same");
}
