import * as tf from "@tensorflow/tfjs";

/**
 * ε E[D(real)²]: keeps the critic's outputs near 0; the Wasserstein loss does not constrain their
 * offset (Karras et al. 2018, appendix A.1).
 * @param realLogits [N, 1]
 * @param epsilon ε
 */
export function drift(realLogits: tf.Tensor, epsilon = 1e-3): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.mean(tf.square(realLogits)), epsilon);
}
