import * as tf from "@tensorflow/tfjs";
import { absolute } from "../ops/absolute.ts";

/**
 * E[|a − b|]: mean absolute difference, a reconstruction loss (Isola et al. 2017, equation 3).
 * @param a any shape
 * @param b the shape of `a`
 */
export function l1(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean(absolute(tf.sub(a, b)));
}
