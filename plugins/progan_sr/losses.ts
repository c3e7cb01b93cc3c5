/** The loss terms of ProGAN-SR. */
import {
  adversarialTerms,
  type Context,
  type DataKind,
  type EfficientNet,
  efficientNetDistance,
  l1,
  type LossTerm,
  type Model,
  type Panels,
  perceptualDistance,
  type PluginState,
  type StepContext,
  tf,
  type VggWeights,
} from "../../core/mod.ts";
import { hasCritic, type ProganSrConfig } from "./config.ts";
import type { ProganSrModel } from "./model.ts";

/** The images of the batch, at the high resolution. */
export const highOf = (step: StepContext<"images">) => step.tensors.images;

/**
 * The adversarial terms by `--loss` and `--penalty` if there is a critic, "perceptual" and
 * "features" if their networks are given, and "pixel" if its weight is above 0. Terms are charted
 * with their weights applied.
 * @param frozen the networks whose terms the phase has; `openEfficientNet` is called inside the
 * recorded step, so that its weights are constants there
 */
export function proganSrLosses(
  context: Context<ProganSrConfig, PluginState, Panels, Model, "images">,
  model: ProganSrModel,
  frozen: { vgg?: VggWeights; openEfficientNet?: () => EfficientNet },
): LossTerm<"images">[] {
  const { config } = context;
  const fake = (step: StepContext<"images">) =>
    step.shared("fake", () => model.enlarge(model.degrade(highOf(step)), step.alpha));
  const adversarial = () =>
    adversarialTerms(context, {
      real: highOf,
      fake,
      score: (images, step) => model.score(images, step.alpha),
    });
  const terms = !hasCritic(config)
    ? []
    : adversarial().map((term) =>
      term.name === "adversarial_g" ? weighted(term, config.adversarialWeight) : term
    );

  const { perceptual } = config, { vgg, openEfficientNet } = frozen;
  if (vgg && perceptual !== "none") {
    terms.push(weighted({
      name: "perceptual",
      of: "generator",
      value: (step) => perceptualDistance(vgg, fake(step), highOf(step), perceptual),
    }, config.perceptualWeight));
  }
  if (openEfficientNet) {
    terms.push(weighted({
      name: "features",
      of: "generator",
      value(step) {
        const net = step.shared("features/net", openEfficientNet);
        return efficientNetDistance(net, fake(step), highOf(step));
      },
    }, config.featuresWeight));
  }
  if (config.pixelWeight > 0) {
    terms.push(weighted({
      name: "pixel",
      of: "generator",
      value: (step) => l1(fake(step), highOf(step)),
    }, config.pixelWeight));
  }
  return terms;
}

function weighted<D extends DataKind>(term: LossTerm<D>, weight: number): LossTerm<D> {
  if (weight === 1) return term;
  return { ...term, value: (step) => tf.mul<tf.Scalar>(term.value(step), weight) };
}
