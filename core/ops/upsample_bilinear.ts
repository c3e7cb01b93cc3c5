import type * as tf from "@tensorflow/tfjs";
import { resizeMatrix } from "./resize_matrix.ts";

/**
 * Upsamples by linear interpolation between pixel centers, with replicated edges (PyTorch's
 * align_corners=False).
 * @param x [N, H, W, C]
 * @param factor an integer
 * @returns [N, H·factor, W·factor, C]
 */
export function upsampleBilinear(x: tf.Tensor4D, factor = 2): tf.Tensor4D {
  return resizeMatrix(x, [x.shape[1] * factor, x.shape[2] * factor], "bilinear");
}
