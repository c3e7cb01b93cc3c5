import * as tf from "@tensorflow/tfjs";

/**
 * (1 − alpha) · a + alpha · b; exactly `a` at 0 and exactly `b` at 1.
 * @param a any shape
 * @param b the shape of `a`
 * @param alpha a scalar, or a shape that broadcasts to that of `a`, e.g. [N, 1, 1, 1]
 * @returns the shape of `a`
 */
export function lerp<T extends tf.Tensor>(a: T, b: T, alpha: tf.Tensor | number): T {
  return tf.add<T>(tf.mul(a, tf.sub(1, alpha)), tf.mul(b, alpha));
}
