import * as tf from "@tensorflow/tfjs";
import { linear, withGradient } from "./custom_gradient.ts";

/**
 * The elementwise maximum of two tensors. Where they are equal, each gets half of the gradient.
 * @param a any shape
 * @param b the same shape
 * @returns the same shape
 * @throws TypeError if the shapes differ
 */
export function maximum<T extends tf.Tensor>(a: T, b: T): T {
  if (`${a.shape}` !== `${b.shape}`) {
    throw new TypeError(
      `Cannot take the maximum: expected equal shapes, received [${a.shape}] and [${b.shape}]`,
    );
  }
  return withGradient(
    [a, b],
    (a, b) => tf.maximum<T>(a, b),
    (dy, a, b) => [shareTimes(dy, a, b), shareTimes(dy, b, a)],
  );
}

/** dy · (1 where a > b, ½ where a = b, 0 elsewhere). */
function shareTimes<T extends tf.Tensor>(dy: T, a: T, b: T): T {
  return linear(
    dy,
    (dy) => {
      const above = tf.cast(tf.greater(a, b), "float32");
      const notBelow = tf.cast(tf.greaterEqual(a, b), "float32");
      return tf.mul<T>(dy, tf.mul(tf.add(above, notBelow), 0.5));
    },
    (ddx) => shareTimes(ddx, a, b),
  );
}
