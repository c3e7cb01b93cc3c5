import * as tf from "@tensorflow/tfjs";

/**
 * One-hot encoding of class indices.
 * @param labels int32 [N], 0 … classes - 1
 * @returns float32 [N, classes]
 */
export function oneHot(labels: tf.Tensor1D, classes: number): tf.Tensor2D {
  return tf.cast(tf.oneHot(labels, classes) as tf.Tensor2D, "float32"); // one row per label
}
