/** Draws parts onto a partial sketch, one after another. */
import { clamp, ConfigError, seedFor, tf, withSeed } from "../../../core/mod.ts";
import { fadeSketches } from "../fade_sketches.ts";
import { mergeSketches } from "../merge.ts";
import type { SketchModel } from "../model.ts";

/** One way to complete a sketch; rasters [R²] in [-1, 1], ink is 1. */
export interface Completion {
  steps: CompletionStep[];
  /** The partial sketch with all its parts. */
  merged: Float32Array;
}

/** One drawn part. */
export interface CompletionStep {
  part: Float32Array;
  merged: Float32Array;
  /** Its class, where the run has classes. */
  name?: string;
}

/** How to complete. */
export interface CompleteOptions {
  resolution: number; // px a side
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Most parts to draw; fewer where a part adds nothing new, or all classes were drawn. */
  steps: number;
  /** Classes in their order; the classes after the last are predicted. */
  parts: readonly string[];
  seed: number;
  /** Number of this candidate: it changes latents and noise alone. */
  index: number;
  /** Keep faint ink beside the lines; default: no, see {@linkcode cleanInk}. */
  raw?: boolean;
}

/** Share of pixels that a part must newly ink, or the sketch is done. */
const LEAST_INK = 0.002;

/**
 * Completes a sketch once. A candidate depends on (seed, index) and not on how many others are
 * drawn.
 * @param partial [R²]
 * @throws ConfigError for a part class that the run doesn't have
 */
export function completeSketch(
  model: SketchModel,
  partial: Float32Array,
  options: CompleteOptions,
): Completion {
  const { resolution, alpha, seed, index } = options;
  const given = options.parts.map((name) => classOf(model, name));
  const drawn = new Set<number>();
  const steps: CompletionStep[] = [];
  let sketch = partial;

  function drawStep(step: number): CompletionStep & { label?: number } {
    tf.engine().startScope();
    try {
      const image = tf.tensor4d(sketch, [1, resolution, resolution, 1]);
      const encoding = model.encode(fadeSketches(image, alpha), alpha);
      const label = model.classes.length === 0
        ? undefined
        : given[step] ?? mostLikely(model.nextPart(encoding), drawn);
      const labels = label === undefined ? {} : { labels: tf.tensor1d([label], "int32") };
      const part = withSeed(
        seedFor(seed, `complete/${index}`, step),
        () => {
          const drawn = model.drawParts(encoding, { alpha, ...labels });
          return options.raw ? clamp(drawn, -1, 1) : cleanInk(drawn);
        },
      );
      return {
        part: part.dataSync() as Float32Array, // both are float32
        merged: mergeSketches(image, part).dataSync() as Float32Array,
        ...(label === undefined ? {} : { label, name: model.classes[label]! }),
      };
    } finally {
      tf.engine().endScope();
    }
  }

  for (let step = 0; step < options.steps; step++) {
    const { label, ...drawing } = drawStep(step);
    const added = drawing.merged.reduce(
      (n, value, i) => n + (value > 0 && sketch[i]! <= 0 ? 1 : 0),
      0,
    );
    // the first is shown, whatever it is
    if (step > 0 && added < LEAST_INK * resolution ** 2) break;
    steps.push(drawing);
    sketch = drawing.merged;
    if (label !== undefined && drawn.add(label).size === model.classes.length) break;
  }
  return { steps, merged: sketch };
}

/**
 * Paper where less than a quarter is ink, ink where more than three quarters are, and a ramp
 * between: faint dust that networks leave on paper would pile up from step to step.
 * @param part in [-1, 1] or beyond
 */
export function cleanInk(part: tf.Tensor4D): tf.Tensor4D {
  return clamp(tf.mul(part, 2), -1, 1); // of ink (x + 1) / 2, 1/4 … 3/4 are -1/2 … 1/2
}

function classOf(model: SketchModel, name: string): number {
  const label = model.classes.indexOf(name);
  if (label >= 0) return label;
  throw new ConfigError(
    model.classes.length === 0
      ? `Cannot draw --part ${name}: expected no --part, for this run has no part classes`
      : `Cannot draw --part ${name}: expected one of ${model.classes.join(", ")}`,
  );
}

/** The class of the largest logit that wasn't drawn yet. */
function mostLikely(logits: tf.Tensor2D, drawn: ReadonlySet<number>): number {
  const values = [...logits.dataSync()].map((value, label) => drawn.has(label) ? -Infinity : value);
  return values.indexOf(Math.max(...values));
}
