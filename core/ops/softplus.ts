import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom_gradient.ts";

/**
 * log(1 + eˣ), without overflow; its derivative is sigmoid(x).
 * @param x any shape
 * @returns the shape of `x`
 */
export function softplus<T extends tf.Tensor>(x: T): T {
  return withGradient(
    [x],
    // max(x, 0) + log1p(e^-|x|): some backends' own softplus lose small values.
    (x) => tf.add<T>(tf.relu(x), tf.log1p(tf.exp(tf.neg(tf.abs(x))))),
    (dy, x) => [tf.mul(dy, tf.sigmoid(x))],
  );
}
