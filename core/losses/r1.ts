import * as tf from "@tensorflow/tfjs";
import { gradientOf } from "../ops/gradient_of.ts";
import { sumOfSquares } from "../ops/sum_of_squares.ts";
import type { Critic } from "./gradient_penalty.ts";

/**
 * γ/2 E[‖∇D(real)‖²] (Mescheder et al. 2018, equation 9).
 * @param critic differentiable twice
 * @param real [N, H, W, C]
 * @param gamma γ, default 10
 */
export function r1(critic: Critic, real: tf.Tensor4D, gamma = 10): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.mean(sumOfSquares(gradientOf(critic, real))), gamma / 2);
}

/**
 * γ/2 E[‖∇D(fake)‖²] (Mescheder et al. 2018, equation 10).
 * @param critic differentiable twice
 * @param fake [N, H, W, C]
 * @param gamma γ, default 10
 */
export function r2(critic: Critic, fake: tf.Tensor4D, gamma = 10): tf.Scalar {
  return r1(critic, fake, gamma);
}
