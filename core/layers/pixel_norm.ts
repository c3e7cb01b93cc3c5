import * as tf from "@tensorflow/tfjs";

/**
 * y = x / √(E[x²] + ε) over the last axis: each pixel's (or each latent's) features get unit length on
 * average (Karras et al. 2018, section 4.2).
 * @param x [N, H, W, C] or [N, C]
 * @param epsilon ε
 * @returns the shape of `x`
 */
export function pixelNorm<T extends tf.Tensor>(x: T, epsilon = 1e-8): T {
  const power = tf.mean(tf.square(x), -1, true); // [..., 1]
  return tf.mul<T>(x, tf.rsqrt(tf.add(power, epsilon)));
}
