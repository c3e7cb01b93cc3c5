import * as tf from "@tensorflow/tfjs";

/** Mean and (biased) variance of each channel of each sample, both [N, 1, 1, C]. */
export interface InstanceStatistics {
  /** [N, 1, 1, C]. */
  mean: tf.Tensor4D;
  /** Population variance, [N, 1, 1, C]. */
  variance: tf.Tensor4D;
}

/**
 * μ = E[x], σ² = E[(x − μ)²] over height and width.
 * @param x [N, H, W, C]
 */
export function instanceStatistics(x: tf.Tensor4D): InstanceStatistics {
  const mean = tf.mean<tf.Tensor4D>(x, [1, 2], true);
  return { mean, variance: tf.mean<tf.Tensor4D>(tf.square(tf.sub(x, mean)), [1, 2], true) };
}
