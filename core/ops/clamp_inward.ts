import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom_gradient.ts";

/**
 * Limits values to [minimum, maximum]. The gradient passes unchanged as far as `slack` beyond a
 * limit; farther out it passes only where descending it leads back in.
 *
 * A generator can so draw a ground that is exactly flat: values rest beyond the limit and are
 * called back when they have to be. Under `clamp` they would be lost there, and without limits they
 * would have to hit one number. Without slack a noisy gradient moves a value beyond the limit
 * inwards only, and so holds it just inside, where it is not flat. Derivatives of higher order take
 * the set of passing values as fixed.
 * @param x any shape
 * @param minimum lower limit
 * @param maximum upper limit
 * @param slack how far beyond a limit the gradient passes in both directions, in units of `x`
 * @returns the shape of `x`
 */
export function clampInward<T extends tf.Tensor>(
  x: T,
  minimum: number,
  maximum: number,
  slack = 0,
): T {
  return withGradient(
    [x],
    (x) => tf.clipByValue(x, minimum, maximum),
    (dy, x) => [passing(dy, x, dy, minimum - slack, maximum + slack)],
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
