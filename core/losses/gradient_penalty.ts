import * as tf from "@tensorflow/tfjs";
import { gradientOf } from "../ops/gradient_of.ts";
import { lerp } from "../ops/lerp.ts";
import { sumOfSquares } from "../ops/sum_of_squares.ts";

/** From images [N, H, W, C] to logits [N, 1]. */
export type Critic = (images: tf.Tensor4D) => tf.Tensor;

/** Where and how strongly WGAN-GP holds the gradient. */
export interface WganGpOptions {
  /** Reals [N, H, W, C]. */
  real: tf.Tensor4D;
  /** Generated images [N, H, W, C]. */
  fake: tf.Tensor4D;
  /** Uniform in [0, 1), [N, 1, 1, 1]: how much of the real image. */
  mix: tf.Tensor;
  /** λ, default 10. */
  lambda?: number;
  /** Wished length of the gradient, default 1. */
  target?: number;
}

/**
 * λ E[(‖∇D(x̂)‖ / target − 1)²] with x̂ = mix · real + (1 − mix) · fake
 * (Gulrajani et al. 2017, equation 3; targets other than 1 as in Karras et al. 2018, appendix).
 * @param critic differentiable twice
 */
export function wganGp(critic: Critic, options: WganGpOptions): tf.Scalar {
  const { real, fake, mix, lambda = 10, target = 1 } = options;
  return normPenalty(critic, lerp(fake, real, mix), lambda, target);
}

/**
 * λ E[(‖∇D(x)‖ − 1)²] at the real images, or at reals that were disturbed: the penalty of DRAGAN
 * (Kodali et al. 2017) and of DoodlerGAN (Ge et al. 2021).
 * @param critic differentiable twice
 * @param images where to hold the gradient, [N, H, W, C]
 * @param lambda λ, default 10
 */
export function dragan(critic: Critic, images: tf.Tensor4D, lambda = 10): tf.Scalar {
  return normPenalty(critic, images, lambda, 1);
}

function normPenalty(critic: Critic, x: tf.Tensor4D, lambda: number, target: number): tf.Scalar {
  // Under the root a little is added, for its derivative at 0 is infinite.
  const norm = tf.sqrt(tf.add(sumOfSquares(gradientOf(critic, x)), 1e-12)); // [N]
  const deviation = tf.sub(target === 1 ? norm : tf.div(norm, target), 1);
  return tf.mul<tf.Scalar>(tf.mean(tf.square(deviation)), lambda);
}
