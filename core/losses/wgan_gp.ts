import type * as tf from "@tensorflow/tfjs";
import { lerp } from "../ops/lerp.ts";
import { randomUniform } from "../random.ts";
import type { Critic } from "./critic.ts";
import { normPenalty } from "./norm_penalty.ts";
import { LAMBDA, type Penalty } from "./penalty.ts";

/** Where and how strongly WGAN-GP penalizes the gradient. */
export interface WganGpOptions {
  /** Reals [N, H, W, C]. */
  real: tf.Tensor4D;
  /** Generated images [N, H, W, C]. */
  fake: tf.Tensor4D;
  /** Uniform in [0, 1), [N, 1, 1, 1]: the weight of the real image. */
  mix: tf.Tensor;
  /** λ, default 10. */
  lambda?: number;
  /** Desired norm of the gradient, default 1. */
  target?: number;
}

/**
 * λ E[(‖∇D(x̂)‖ / target − 1)²] with x̂ = mix · real + (1 − mix) · fake (Gulrajani et al. 2017,
 * equation 3; targets other than 1 as in Karras et al. 2018, appendix).
 * @param critic twice differentiable
 */
export function wganGp(critic: Critic, options: WganGpOptions): tf.Scalar {
  const { real, fake, mix, lambda = LAMBDA.initial, target = 1 } = options;
  return normPenalty(critic, lerp(fake, real, mix), lambda, target);
}

/** {@linkcode wganGp} at random points between reals and generated images. */
export const wganGpPenalty: Penalty<"wgan_gp", "lambda"> = {
  name: "wgan_gp",
  title: "WGAN-GP",
  weight: LAMBDA,
  apply({ critic, real, fake, size }, lambda) {
    const mix = randomUniform([size, 1, 1, 1]);
    return wganGp(critic, { real: real(), fake: fake(), mix, lambda });
  },
};
