import * as tf from "@tensorflow/tfjs";
import { gradientOf } from "../ops/gradient_of.ts";
import { sumOfSquares } from "../ops/sum_of_squares.ts";
import type { Critic } from "./critic.ts";

/**
 * λ E[(‖∇D(x)‖ / target − 1)²], the common form of WGAN-GP and DRAGAN.
 * @param critic twice differentiable
 * @param x where the gradient is penalized, [N, H, W, C]
 * @param lambda λ
 * @param target the desired norm of the gradient
 */
export function normPenalty(
  critic: Critic,
  x: tf.Tensor4D,
  lambda: number,
  target: number,
): tf.Scalar {
  // ε under the root, because its derivative at 0 is infinite.
  const norm = tf.sqrt(tf.add(sumOfSquares(gradientOf(critic, x)), 1e-12)); // [N]
  const deviation = tf.sub(target === 1 ? norm : tf.div(norm, target), 1);
  return tf.mul<tf.Scalar>(tf.mean(tf.square(deviation)), lambda);
}
