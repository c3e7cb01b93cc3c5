import * as tf from "@tensorflow/tfjs";
import { linear, withGradient } from "./custom_gradient.ts";

/**
 * Clamps values to [minimum, maximum]; the gradient is passed through inside and on the limits, and
 * is 0 outside.
 * @param x any shape
 * @param minimum lower limit
 * @param maximum upper limit
 * @returns the shape of `x`
 */
export function clamp<T extends tf.Tensor>(x: T, minimum: number, maximum: number): T {
  return withGradient(
    [x],
    (x) => tf.clipByValue(x, minimum, maximum),
    (dy, x) => [insideTimes(dy, x, minimum, maximum)],
  );
}

function insideTimes<T extends tf.Tensor>(dy: T, x: T, minimum: number, maximum: number): T {
  return linear(
    dy,
    (dy) => {
      const above = tf.cast(tf.greaterEqual(x, minimum), "float32");
      const below = tf.cast(tf.lessEqual(x, maximum), "float32");
      return tf.mul<T>(dy, tf.mul(above, below));
    },
    (ddx) => insideTimes(ddx, x, minimum, maximum),
  );
}
