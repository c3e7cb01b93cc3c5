import * as tf from "@tensorflow/tfjs";

/**
 * Σ x² per sample.
 * @param x [N, …]
 * @returns [N]
 */
export function sumOfSquares(x: tf.Tensor): tf.Tensor1D {
  const axes = x.shape.map((_, i) => i).slice(1);
  return tf.sum<tf.Tensor1D>(tf.square(x), axes);
}
