import type * as tf from "@tensorflow/tfjs";
import type { Critic } from "./critic.ts";
import { normPenalty } from "./norm_penalty.ts";
import { LAMBDA, type Penalty } from "./penalty.ts";

/**
 * λ E[(‖∇D(x)‖ − 1)²] at real or perturbed real images: the penalty of DRAGAN (Kodali et al. 2017)
 * and of DoodlerGAN (Ge et al. 2021).
 * @param critic twice differentiable
 * @param images where the gradient is penalized, [N, H, W, C]
 * @param lambda λ, default 10
 */
export function dragan(
  critic: Critic,
  images: tf.Tensor4D,
  lambda: number = LAMBDA.initial,
): tf.Scalar {
  return normPenalty(critic, images, lambda, 1);
}

/** {@linkcode dragan} at the reals. */
export const draganPenalty: Penalty<"dragan", "lambda"> = {
  name: "dragan",
  title: "DRAGAN",
  weight: LAMBDA,
  apply: ({ critic, real }, lambda) => dragan(critic, real(), lambda),
};
