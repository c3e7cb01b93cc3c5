import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom_gradient.ts";

/**
 * Limits values to [minimum, maximum]. The gradient passes inside, and outside where descending it
 * leads back in: a value may rest beyond a limit, so that what it stands for is exactly flat, and
 * is called back when it has to be. Under `clamp` it would be lost there; without limits it would
 * have to hit one number. Derivatives of higher order take the set of passing values as fixed.
 * @param x any shape
 * @param minimum lower limit
 * @param maximum upper limit
 * @returns the shape of `x`
 */
export function clampInward<T extends tf.Tensor>(x: T, minimum: number, maximum: number): T {
  return withGradient(
    [x],
    (x) => tf.clipByValue(x, minimum, maximum),
    (dy, x) => [passing(dy, x, dy, minimum, maximum)],
  );
}

/**
 * `value` where `x` is inside, or where the sign of `dy` leads `x` back in; otherwise 0. Linear in
 * `value`.
 */
function passing<T extends tf.Tensor>(
  value: T,
  x: T,
  dy: T,
  minimum: number,
  maximum: number,
): T {
  return withGradient(
    [value, x, dy], // all three: gradients of gradients still need x and dy
    (value, x, dy) => {
      const beyond = tf.sub(x, tf.clipByValue(x, minimum, maximum));
      return tf.mul<T>(value, tf.cast(tf.greaterEqual(tf.mul(beyond, dy), 0), "float32"));
    },
    (ddy, _value, x, dy) => [
      passing(ddy as T, x, dy, minimum, maximum), // of the shape of value
      tf.zerosLike(x),
      tf.zerosLike(dy),
    ],
  );
}
