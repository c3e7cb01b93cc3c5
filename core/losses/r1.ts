import * as tf from "@tensorflow/tfjs";
import { gradientOf } from "../ops/gradient_of.ts";
import { sumOfSquares } from "../ops/sum_of_squares.ts";
import type { Critic } from "./critic.ts";
import { GAMMA, type Penalty } from "./penalty.ts";

/**
 * γ/2 E[‖∇D(real)‖²] (Mescheder et al. 2018, equation 9).
 * @param critic twice differentiable
 * @param real [N, H, W, C]
 * @param gamma γ, default 10
 */
export function r1(critic: Critic, real: tf.Tensor4D, gamma = 10): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.mean(sumOfSquares(gradientOf(critic, real))), gamma / 2);
}

/** {@linkcode r1} at the reals. */
export const r1Penalty: Penalty<"r1", "gamma"> = {
  name: "r1",
  title: "R1",
  weight: GAMMA,
  apply: ({ critic, real }, gamma) => r1(critic, real(), gamma),
};
