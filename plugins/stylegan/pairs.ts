/**
 * Layers above 16 px learn from pairs of reals as a super-resolution network does: a real, and the
 * same at 16 px. They begin from a picture of 16 px alone, the generator's own or a real one, as in
 * a cascade (Ho et al. 2021, "Cascaded Diffusion Models for High Fidelity Image Generation").
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

/** Largest σ of the noise on pictures of 16 px, drawn anew for each. */
const LARGEST_NOISE = 0.1;

/**
 * The real pictures [n, 16, 16, C] that are drawn on from: averages, with noise of random strength,
 * since the generator's own pictures are not perfect either (Ho et al. 2021, section 4.2).
 */
export function reducedReals(reals: tf.Tensor4D): tf.Tensor4D {
  let small = reals;
  while (small.shape[1] > PAIR_RESOLUTION) small = downsampleAverage(small);
  const strength = randomUniform([small.shape[0], 1, 1, 1], 0, LARGEST_NOISE);
  const noisy = tf.add<tf.Tensor4D>(small, tf.mul(randomNormal(small.shape), strength));
  return tf.clipByValue<tf.Tensor4D>(noisy, -1, 1);
}

/**
 * Draws on from the first pictures of a batch at 16 px, by random styles: [n, 16, 16, C] →
 * [n, R, R, C].
 */
export type DrawOn = (pictures: tf.Tensor4D, step: StepContext) => tf.Tensor4D;

/**
 * The mean absolute difference of half a batch of reals and what the generator draws on from them
 * at 16 px, times a weight.
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
      const reals = all.slice(0, Math.ceil(all.shape[0] / 2)); // half of them for half the time
      const drawn = drawOn(reducedReals(reals), step);
      return tf.mul<tf.Scalar>(tf.mean(tf.abs(tf.sub(drawn, reals))), weight);
    },
  };
}
