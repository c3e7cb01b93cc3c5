import * as tf from "@tensorflow/tfjs";

/**
 * ε E[D(real)²]: keeps a critic's outputs near 0, which the Wasserstein loss leaves free
 * (Karras et al. 2018, appendix A.1).
 * @param realLogits [N, 1]
 * @param epsilon ε
 */
export function drift(realLogits: tf.Tensor, epsilon = 1e-3): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.mean(tf.square(realLogits)), epsilon);
}
