/**
 * Trains the layers above 16 px on pairs of a real and its 16 px version, as a super-resolution
 * network is trained. These layers start from nothing but a 16 px picture, either the generator's
 * own or a real one, as in a cascade (Ho et al. 2021, "Cascaded Diffusion Models for High Fidelity
 * Image Generation").
 */
import {
  downsampleAverage,
  type LossTerm,
  randomNormal,
  randomUniform,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import { PAIR_RESOLUTION } from "./config.ts";

/** Largest σ of the noise on 16 px pictures; each picture gets its own. */
const LARGEST_NOISE = 0.1;

/**
 * Reduces reals to [n, 16, 16, C] by averaging, and adds noise of random strength, because the
 * generator's own pictures are not perfect either (Ho et al. 2021, section 4.2).
 */
export function reducedReals(reals: tf.Tensor4D): tf.Tensor4D {
  let small = reals;
  while (small.shape[1] > PAIR_RESOLUTION) small = downsampleAverage(small);
  const strength = randomUniform([small.shape[0], 1, 1, 1], 0, LARGEST_NOISE);
  const noisy = tf.add<tf.Tensor4D>(small, tf.mul(randomNormal(small.shape), strength));
  return tf.clipByValue<tf.Tensor4D>(noisy, -1, 1);
}

/**
 * Continues 16 px pictures, paired with the first samples of a batch, with random styles: [n, 16,
 * 16, C] → [n, R, R, C].
 */
export type DrawOn = (pictures: tf.Tensor4D, step: StepContext) => tf.Tensor4D;

/**
 * The weighted mean absolute difference between half a batch of reals and what the generator draws
 * from their 16 px versions.
 * @param realsOf a step's reals [N, R, R, C] as the discriminator sees them, R above 16
 */
export function pairTerm(
  drawOn: DrawOn,
  weight: number,
  realsOf: (step: StepContext<"images">) => tf.Tensor4D,
): LossTerm<"images"> {
  return {
    name: "pairs",
    of: "generator",
    value(step) {
      const all = realsOf(step);
      // half of the batch, for half the time
      const reals = all.slice(0, Math.ceil(all.shape[0] / 2));
      const drawn = drawOn(reducedReals(reals), step);
      return tf.mul<tf.Scalar>(tf.mean(tf.abs(tf.sub(drawn, reals))), weight);
    },
  };
}
