import type * as tf from "@tensorflow/tfjs";
import { resizeMatrix } from "./resize_matrix.ts";

/**
 * Enlarges by linear interpolation between pixel centers, edges repeated (PyTorch's
 * align_corners=False).
 * @param x [N, H, W, C]
 * @param factor a whole number
 * @returns [N, H·factor, W·factor, C]
 */
export function upsampleBilinear(x: tf.Tensor4D, factor = 2): tf.Tensor4D {
  return resizeMatrix(x, [x.shape[1] * factor, x.shape[2] * factor], "bilinear");
}
