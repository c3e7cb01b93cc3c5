/** The loss terms: the run's adversarial ones, ink, and the order of parts. */
import {
  adversarialTerms,
  type Context,
  type LossTerm,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import type { SketchConfig } from "./config.ts";
import { fadeSketches } from "./fade_sketches.ts";
import { criticView } from "./merge.ts";
import type { SketchModel } from "./model.ts";

/**
 * Terms of one phase: those of `adversarialTerms()` on what the critic is shown, "sparsity" and "part_order"
 * where their weights are not 0.
 */
export function sketchTerms(context: Context<SketchConfig>, model: SketchModel): LossTerm[] {
  const { config } = context;
  const fading = context.phase.kind === "fade";
  const sketches = (name: "partial" | "part") => (batch: StepContext) =>
    batch.shared("sketch/" + name, () => {
      const images = batch.tensors[name] as tf.Tensor4D; // the loader's
      return fading ? fadeSketches(images, batch.alpha) : images;
    });
  const partial = sketches("partial"), realPart = sketches("part");
  const encoding = (batch: StepContext) =>
    batch.shared("sketch/encoding", () => model.encode(partial(batch), batch.alpha));
  const drawnPart = (batch: StepContext) =>
    batch.shared("sketch/drawn_part", () => {
      const { labels } = batch.tensors as { labels?: tf.Tensor1D }; // where the data has classes
      return model.drawParts(encoding(batch), {
        alpha: batch.alpha,
        ...(labels ? { labels } : {}),
      });
    });
  const terms = adversarialTerms(context, {
    real: (batch) => criticView(partial(batch), realPart(batch), config.criticSees),
    fake: (batch) => criticView(partial(batch), drawnPart(batch), config.criticSees),
    score: model.score,
  });
  if (config.sparsity > 0) {
    terms.push({
      name: "sparsity",
      of: "generator",
      value: (batch) =>
        tf.mul<tf.Scalar>(inkDifference(realPart(batch), drawnPart(batch)), config.sparsity),
    });
  }
  if (config.partOrder > 0 && model.classes.length > 0) {
    terms.push({
      name: "part_order",
      of: "generator",
      value(batch) {
        const labels = tf.oneHot(batch.tensors.labels as tf.Tensor1D, model.classes.length); // int32 [N]
        const logits = model.nextPart(encoding(batch));
        const hit = tf.equal(tf.argMax(logits, 1), batch.tensors.labels!);
        batch.report("part_order/accuracy", tf.mean<tf.Scalar>(tf.cast(hit, "float32")));
        const likelihood = tf.sum(tf.mul(labels.toFloat(), tf.logSoftmax(logits)), 1); // [N]
        return tf.mul<tf.Scalar>(tf.mean(likelihood), -config.partOrder);
      },
    });
  }
  return terms;
}

/**
 * |E[ink of real parts] − E[ink of drawn parts]|, ink of a pixel being (x + 1) / 2 (after the sparsity loss of
 * Ge et al. 2021, "Creative Sketch Generation").
 */
function inkDifference(real: tf.Tensor4D, drawn: tf.Tensor4D): tf.Scalar {
  return tf.abs<tf.Scalar>(tf.mul(tf.sub<tf.Scalar>(tf.mean(drawn), tf.mean(real)), 0.5));
}
