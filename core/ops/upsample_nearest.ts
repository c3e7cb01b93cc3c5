import * as tf from "@tensorflow/tfjs";
import { linear } from "./custom_gradient.ts";
import { downsampleAverage } from "./downsample_average.ts";

/**
 * Repeats each pixel `factor` times both ways. Its adjoint is factor² · {@linkcode
 * downsampleAverage}.
 * @param x [N, H, W, C]
 * @param factor a whole number
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
