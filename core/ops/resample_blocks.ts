/**
 * Upsampling by repeating pixels and downsampling by averaging blocks: each is the other's adjoint,
 * up to a factor.
 */
import * as tf from "@tensorflow/tfjs";
import { linear } from "./custom_gradient.ts";

/**
 * Repeats each pixel `factor` times in both directions. Its adjoint is factor² · {@linkcode
 * downsampleAverage}.
 * @param x [N, H, W, C]
 * @param factor an integer
 * @returns [N, H·factor, W·factor, C]
 */
export function upsampleNearest(x: tf.Tensor4D, factor = 2): tf.Tensor4D {
  if (factor === 1) return x;
  return linear(
    x,
    (x) => tf.image.resizeNearestNeighbor(x, [x.shape[1] * factor, x.shape[2] * factor]),
    (dy) => tf.mul<tf.Tensor4D>(downsampleAverage(dy, factor), factor * factor),
  );
}

/**
 * Averages blocks of `factor` × `factor` pixels. Its adjoint is {@linkcode upsampleNearest} /
 * factor².
 * @param x [N, H, W, C]
 * @param factor an integer that divides H and W
 * @returns [N, H/factor, W/factor, C]
 * @throws TypeError if `factor` does not divide the size
 */
export function downsampleAverage(x: tf.Tensor4D, factor = 2): tf.Tensor4D {
  if (factor === 1) return x;
  const [, height, width] = x.shape;
  if (height % factor !== 0 || width % factor !== 0) {
    throw new TypeError(
      `Cannot downsample: expected height and width to be multiples of ${factor}, ` +
        `received ${height} × ${width}`,
    );
  }
  return linear(
    x,
    (x) => tf.avgPool(x, factor, factor, "valid"),
    (dy) => upsampleNearest(tf.mul<tf.Tensor4D>(dy, 1 / (factor * factor)), factor),
  );
}
