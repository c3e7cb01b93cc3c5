/** The loss terms: the run's adversarial ones, ink, and the order of parts. */
import {
  adversarialTerms,
  type Context,
  type LossTerm,
  type Model,
  oneHot,
  type Panels,
  type PluginState,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import type { SketchConfig } from "./config.ts";
import { fadeSketches } from "./fade_sketches.ts";
import { criticView } from "./merge.ts";
import type { SketchModel } from "./model.ts";

/**
 * Terms of one phase: those of `adversarialTerms()` on what the critic is shown, "sparsity" and
 * "part_order" where their weights are not 0.
 */
export function sketchTerms(
  context: Context<SketchConfig, PluginState, Panels, Model, "sketches">,
  model: SketchModel,
): LossTerm<"sketches">[] {
  const { config } = context;
  const fading = context.phase.kind === "fade";
  const sketches = (name: "partial" | "part") => (step: StepContext<"sketches">) =>
    step.shared("sketch/" + name, () => {
      const images = step.tensors[name];
      return fading ? fadeSketches(images, step.alpha) : images;
    });
  const partial = sketches("partial"), realPart = sketches("part");
  const encoding = (step: StepContext<"sketches">) =>
    step.shared("sketch/encoding", () => model.encode(partial(step), step.alpha));
  const drawnPart = (step: StepContext<"sketches">) =>
    step.shared("sketch/drawn_part", () => {
      const { labels } = step.tensors;
      return model.drawParts(encoding(step), {
        alpha: step.alpha,
        ...(labels ? { labels } : {}),
      });
    });
  const terms = adversarialTerms(context, {
    real: (step) => criticView(partial(step), realPart(step), config.criticSees),
    fake: (step) => criticView(partial(step), drawnPart(step), config.criticSees),
    score: model.score,
  });
  if (config.sparsity > 0) {
    terms.push({
      name: "sparsity",
      of: "generator",
      value: (step) =>
        tf.mul<tf.Scalar>(inkDifference(realPart(step), drawnPart(step)), config.sparsity),
    });
  }
  if (config.partOrder > 0 && model.classes.length > 0) {
    terms.push({
      name: "part_order",
      of: "generator",
      value(step) {
        const labels = step.tensors.labels!; // the data has classes
        const logits = model.nextPart(encoding(step));
        const hit = tf.equal(tf.argMax(logits, 1), labels);
        step.report("part_order/accuracy", tf.mean<tf.Scalar>(tf.cast(hit, "float32")));
        const wanted = oneHot(labels, model.classes.length);
        const likelihood = tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1); // [N]
        return tf.mul<tf.Scalar>(tf.mean(likelihood), -config.partOrder);
      },
    });
  }
  return terms;
}

/**
 * |E[ink of real parts] − E[ink of drawn parts]|, ink of a pixel being (x + 1) / 2 (after the
 * sparsity loss of Ge et al. 2021, "Creative Sketch Generation").
 */
function inkDifference(real: tf.Tensor4D, drawn: tf.Tensor4D): tf.Scalar {
  return tf.abs<tf.Scalar>(tf.mul(tf.sub<tf.Scalar>(tf.mean(drawn), tf.mean(real)), 0.5));
}
