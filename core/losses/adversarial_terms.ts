/**
 * The loss terms of a GAN according to the run's options, which most models return from their
 * `losses` hook.
 */
import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "../config/run_config.ts";
import type { DataKind } from "../data.ts";
import { downsampleAverage, lerp, upsampleNearest } from "../ops/mod.ts";
import type { ImageOrigin, LossTerm, StepContext } from "../plugin/step.ts";
import type { DiscriminatorTargets } from "./adversarial_loss.ts";
import { drift } from "./drift.ts";
import { LABEL_LOSSES, lossByName } from "./loss_by_name.ts";
import { penaltyByName } from "./penalty_by_name.ts";
import { penaltyWeightAt } from "./penalty_weight_at.ts";
import { instanceNoise, labelFlips, linearDecay, smoothedTarget } from "./stabilizers.ts";

/** What the losses need of a model; each function is pure tensor code of a step. */
export interface Adversaries<D extends DataKind = DataKind> {
  /** The real images, [N, R, R, C]. */
  real(step: StepContext<D>): tf.Tensor4D;
  /** The generated images, [N, R, R, C]. */
  fake(step: StepContext<D>): tf.Tensor4D;
  /** The discriminator's logits [N, 1]. */
  score(images: tf.Tensor4D, step: StepContext<D>): tf.Tensor;
}

/** The parts of a plugin's context that are needed. */
export interface AdversarialContext<D extends DataKind = DataKind> {
  /** The run's options: `loss`, `penalty`, the stabilizers. */
  readonly run: Readonly<RunConfig>;
  /** The current phase; stabilizers decay from its start if `stabilizerImages` is not 0. */
  readonly phase: { readonly start: number };
  /**
   * Images seen at the start and end of the resolution; otherwise stabilizers decay over this span.
   */
  readonly span: { readonly start: number; readonly end: number };
  /** The plugins' augmentation of images [N, R, R, C] for the discriminator. */
  augment(images: tf.Tensor4D, step: StepContext<D>, origin: ImageOrigin): tf.Tensor4D;
}

/**
 * The terms "adversarial_d", "adversarial_g", the penalty by its name and "drift", as configured by
 * `--loss`, `--penalty` and the stabilizers. Reports `score/real`, `score/fake` and
 * `score/real_sign`, the mean sign that indicates overfitting (Karras et al. 2020, "Training GANs
 * with Limited Data", r_t). Images are computed once per step, and other terms can share them:
 * `step.shared("fake", …)` as generated, `"shown/real"` and `"shown/fake"` as the discriminator
 * sees them.
 * @throws RangeError if labels should be smoothed or flipped, but the loss has no labels
 */
export function adversarialTerms<D extends DataKind>(
  context: AdversarialContext<D>,
  model: Adversaries<NoInfer<D>>,
): LossTerm<D>[] {
  const { run } = context;
  const loss = lossByName(run.loss);
  if (!loss.hasTargets) expectNoTargets(run);
  const { start, end } = run.stabilizerImages > 0
    ? { start: context.phase.start, end: context.phase.start + run.stabilizerImages }
    : context.span;
  const decayed = (value: number, step: StepContext) =>
    linearDecay(value, tf.sub(step.imagesSeen, start), end - start);

  /** What the discriminator sees: augmented images, with instance noise. */
  const shown = (images: tf.Tensor4D, step: StepContext<D>, origin: ImageOrigin) => {
    const augmented = context.augment(images, step, origin);
    const isNoisy = run.instanceNoise > 0 && (origin === "real" || run.noiseOn === "both");
    return isNoisy ? instanceNoise(augmented, decayed(run.instanceNoise, step)) : augmented;
  };
  const real = (step: StepContext<D>) =>
    step.shared("shown/real", () => shown(model.real(step), step, "real"));
  const fake = (step: StepContext<D>) =>
    step.shared(
      "shown/fake",
      () => shown(step.shared("fake", () => model.fake(step)), step, "generated"),
    );
  const realScores = (step: StepContext<D>) =>
    step.shared("scores/real", () => model.score(real(step), step));
  const fakeScores = (step: StepContext<D>) =>
    step.shared("scores/fake", () => model.score(fake(step), step));

  function targets(step: StepContext): DiscriminatorTargets | undefined {
    if (!loss.hasTargets) return undefined;
    return {
      ...(run.labelSmoothing > 0
        ? { realTarget: smoothedTarget(decayed(run.labelSmoothing, step)) }
        : {}),
      ...(run.labelFlips > 0 ? { flip: labelFlips(step.size, decayed(run.labelFlips, step)) } : {}),
    };
  }

  const terms: LossTerm<D>[] = [
    {
      name: "adversarial_d",
      of: "discriminator",
      value(step) {
        const realLogits = realScores(step), fakeLogits = fakeScores(step);
        step.report("score/real", tf.mean(realLogits));
        step.report("score/fake", tf.mean(fakeLogits));
        step.report("score/real_sign", tf.mean(tf.sign(realLogits)));
        return loss.discriminator(realLogits, fakeLogits, targets(step));
      },
    },
    {
      name: "adversarial_g",
      of: "generator",
      value: (step) =>
        loss.generator(fakeScores(step), loss.scoresReals ? realScores(step) : undefined),
    },
  ];
  if (run.drift > 0) {
    terms.push({
      name: "drift",
      of: "discriminator",
      value: (step) => drift(realScores(step), run.drift),
    });
  }
  const penalty = penaltyByName(run.penalty);
  if (penalty) {
    terms.push({
      name: penalty.name,
      of: "discriminator",
      every: run.penaltyEvery,
      value: (step) =>
        penalty.apply({
          size: step.size,
          critic: (images) => model.score(images, step),
          real: () => real(step),
          fake: () => fake(step),
        }, penaltyWeightAt(penalty.weight, run, step.resolution)),
    });
  }
  return terms;
}

function expectNoTargets({ loss, labelSmoothing, labelFlips }: Readonly<RunConfig>): void {
  if (labelSmoothing === 0 && labelFlips === 0) return;
  const given = labelSmoothing > 0 ? "--label-smoothing" : "--label-flips";
  throw new RangeError(
    `Cannot train with the ${loss} loss and ${given}: expected a loss that compares labels ` +
      `(${LABEL_LOSSES.join(", ")}), received one that compares scores. ` +
      `Use ${given} 0, or another --loss`,
  );
}

/**
 * Matches the sharpness of reals to what the generator can draw during a fade-in: blends the
 * downsampled and upsampled image into the original by alpha (Karras et al. 2018, appendix A.1).
 * @param images [N, R, R, C]
 * @param enlarge doubles the resolution, as the growing generator does with its previous image
 */
export function fadeReals(
  images: tf.Tensor4D,
  alpha: tf.Scalar | number,
  enlarge: (x: tf.Tensor4D) => tf.Tensor4D = upsampleNearest,
): tf.Tensor4D {
  return lerp(enlarge(downsampleAverage(images)), images, alpha);
}
