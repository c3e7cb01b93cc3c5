/** The loss terms of ProGAN-SR, each charted by its name. */
import {
  adversarialTerms,
  type Context,
  l1,
  type LossTerm,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import type { ProganSrConfig } from "./config.ts";
import type { ProganSrModel } from "./model.ts";
import { perceptualDistance, type VggWeights } from "./vgg.ts";

/** The loader's images: the high resolution. */
export const highOf = (batch: StepContext) => batch.tensors.images as tf.Tensor4D;

/**
 * The adversarial terms by `--loss` and `--penalty`; "perceptual" where there are weights; "pixel" where it has a
 * weight. Terms are charted with their weights.
 * @param vgg undefined in phases without a perceptual term
 */
export function proganSrLosses(
  context: Context<ProganSrConfig>,
  model: ProganSrModel,
  vgg: VggWeights | undefined,
): LossTerm[] {
  const { config } = context;
  const fake = (batch: StepContext) =>
    batch.shared("fake", () => model.enlarge(model.reduce(highOf(batch)), batch.alpha));
  const terms = adversarialTerms(context, {
    real: highOf,
    fake,
    score: (images, batch) => model.score(images, batch.alpha),
  }).map((term) => term.name === "adversarial_g" ? weighted(term, config.adversarialWeight) : term);

  const { perceptual } = config;
  if (vgg && perceptual !== "none") {
    terms.push(weighted({
      name: "perceptual",
      of: "generator",
      value: (batch) => perceptualDistance(vgg, fake(batch), highOf(batch), perceptual),
    }, config.perceptualWeight));
  }
  if (config.pixelWeight > 0) {
    terms.push(weighted({
      name: "pixel",
      of: "generator",
      value: (batch) => l1(fake(batch), highOf(batch)),
    }, config.pixelWeight));
  }
  return terms;
}

function weighted(term: LossTerm, weight: number): LossTerm {
  if (weight === 1) return term;
  return { ...term, value: (batch) => tf.mul<tf.Scalar>(term.value(batch), weight) };
}
