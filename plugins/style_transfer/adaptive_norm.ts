/** Adaptive instance normalization (Huang and Belongie 2017). */
import { instanceNorm, tf } from "../../core/mod.ts";

/** Mean and standard deviation of each channel, both [N, 1, 1, C]. */
export function statistics(x: tf.Tensor4D): { mean: tf.Tensor4D; deviation: tf.Tensor4D } {
  const { mean, variance } = tf.moments(x, [1, 2], true);
  return {
    mean: mean as tf.Tensor4D,
    deviation: tf.sqrt(tf.add(variance, 1e-5)) as tf.Tensor4D,
  };
}

/**
 * AdaIN(x, y) = σ(y) (x − μ(x)) / σ(x) + μ(y), equation 8: the content's features with the style's
 * mean and deviation of each channel. Content and style may differ in size.
 * @param content [N, h, w, C]
 * @param style [N, h', w', C]
 */
export function adaptiveNorm(content: tf.Tensor4D, style: tf.Tensor4D): tf.Tensor4D {
  const { mean, deviation } = statistics(style);
  return tf.add(tf.mul(instanceNorm(content), deviation), mean);
}
