import * as tf from "@tensorflow/tfjs";
import { linear, withGradient } from "./custom_gradient.ts";

/**
 * |x|, with derivative 0 at 0 (tfjs's own derivative there is −1, which would pull pixels that
 * already agree).
 * @param x any shape
 * @returns the shape of `x`
 */
export function absolute<T extends tf.Tensor>(x: T): T {
  return withGradient([x], (x) => tf.abs(x), (dy, x) => [signTimes(dy, x)]);
}

function signTimes<T extends tf.Tensor>(dy: T, x: T): T {
  return linear(dy, (dy) => tf.mul<T>(dy, tf.sign(x)), (ddx) => signTimes(ddx, x));
}
