import type * as tf from "@tensorflow/tfjs";
import type { Critic } from "./critic.ts";
import { GAMMA, type Penalty } from "./penalty.ts";
import { r1 } from "./r1.ts";

/**
 * γ/2 E[‖∇D(fake)‖²] (Mescheder et al. 2018, equation 10).
 * @param critic twice differentiable
 * @param fake [N, H, W, C]
 * @param gamma γ, default 10
 */
export function r2(critic: Critic, fake: tf.Tensor4D, gamma = 10): tf.Scalar {
  return r1(critic, fake, gamma);
}

/** {@linkcode r2} at the generated images. */
export const r2Penalty: Penalty<"r2", "gamma"> = {
  name: "r2",
  title: "R2",
  weight: GAMMA,
  apply: ({ critic, fake }, gamma) => r2(critic, fake(), gamma),
};
