/** The loss terms: the adversarial ones, ink, and which part comes next, and where. */
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
import { boxCoordinates, negativeLogLikelihood } from "./layout/box_mixture.ts";
import { shownBox } from "./layout/box_view.ts";
import { criticView } from "./merge.ts";
import type { SketchModel } from "./model.ts";

/**
 * The loss terms of one phase: those of `adversarialTerms()` on the critic's view; "sparsity",
 * "part_order", "box" and "end" if their weights are above 0 and the run has classes, boxes or
 * blank paper, respectively.
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
  const glance = (step: StepContext<"sketches">) =>
    step.shared("sketch/glance", () => model.glance(step.tensors.whole!)); // called only with boxes
  const encoding = (step: StepContext<"sketches">) =>
    step.shared("sketch/encoding", () =>
      model.encode(
        partial(step),
        step.alpha,
        model.hasBoxes ? { box: step.tensors.box!, glance: glance(step) } : undefined,
      ));
  /** From which the next part is planned. */
  const sketch = (step: StepContext<"sketches">) =>
    model.hasBoxes ? { glance: glance(step) } : encoding(step);
  const box = (step: StepContext<"sketches">) =>
    model.hasBoxes
      ? step.shared(
        "sketch/box",
        () => shownBox(step.tensors.box!, step.resolution, fading ? step.alpha : 1),
      )
      : undefined;
  const drawnPart = (step: StepContext<"sketches">) =>
    step.shared("sketch/drawn_part", () => {
      const { labels } = step.tensors;
      return model.drawParts(encoding(step), {
        alpha: step.alpha,
        ...(labels ? { labels } : {}),
      });
    });
  const terms = adversarialTerms(context, {
    real: (step) => criticView(partial(step), realPart(step), config.criticSees, box(step)),
    fake: (step) => criticView(partial(step), drawnPart(step), config.criticSees, box(step)),
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
        const logits = model.nextPart(sketch(step));
        const hit = tf.equal(tf.argMax(logits, 1), labels);
        step.report("part_order/accuracy", tf.mean<tf.Scalar>(tf.cast(hit, "float32")));
        const wanted = oneHot(labels, model.classes.length);
        const likelihood = tf.sum(tf.mul(wanted, tf.logSoftmax(logits)), 1); // [N]
        return tf.mul<tf.Scalar>(tf.mean(likelihood), -config.partOrder);
      },
    });
  }
  if (config.boxWeight > 0 && model.hasBoxes) {
    terms.push({
      name: "box",
      of: "generator",
      value(step) {
        const density = model.nextBox(sketch(step), step.tensors.labels);
        const nats = negativeLogLikelihood(density, boxCoordinates(step.tensors.box!));
        return tf.mul<tf.Scalar>(tf.mean(nats), config.boxWeight);
      },
    });
  }
  if (config.endWeight > 0 && model.beginsBlank) {
    terms.push({
      name: "end",
      of: "generator",
      value(step) {
        const logits = tf.squeeze<tf.Tensor1D>(model.endsWith(sketch(step), step.tensors.labels), [
          1,
        ]);
        // −ln σ(l) where the drawing ends, −ln (1 − σ(l)) elsewhere
        const losses = tf.sub(tf.softplus(logits), tf.mul(logits, step.tensors.last!));
        return tf.mul<tf.Scalar>(tf.mean(losses), config.endWeight);
      },
    });
  }
  return terms;
}

/**
 * |E[ink of real parts] − E[ink of drawn parts]|, where a pixel's ink is (x + 1) / 2 (after the
 * sparsity loss of Ge et al. 2021, "Creative Sketch Generation").
 */
function inkDifference(real: tf.Tensor4D, drawn: tf.Tensor4D): tf.Scalar {
  return tf.abs<tf.Scalar>(tf.mul(tf.sub<tf.Scalar>(tf.mean(drawn), tf.mean(real)), 0.5));
}
