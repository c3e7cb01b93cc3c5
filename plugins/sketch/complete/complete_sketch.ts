/** Draws parts onto a partial sketch, one after another. */
import { ConfigError, type Polyline, Random, seedFor } from "../../../core/mod.ts";
import type { SketchModel } from "../model.ts";
import { drawNext, drawnSide, type Sketch } from "./draw_next.ts";

/** One completion of a sketch; rasters [side²] in [-1, 1], ink is 1. */
export interface Completion {
  side: number; // px
  steps: CompletionStep[];
  /** The partial sketch with all its parts. */
  merged: Float32Array;
}

/** One drawn part. */
export interface CompletionStep {
  part: Float32Array;
  merged: Float32Array;
  /** Its lines in the unit square, if it was drawn in a box. */
  lines?: readonly Polyline[];
  /** Its class, if the run has classes. */
  name?: string;
}

/** How to complete a sketch. */
export interface CompleteOptions {
  resolution: number; // of the networks, px a side
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /**
   * Maximum number of parts. There are fewer where a part adds nothing new, all classes have been
   * drawn, or the sketch ends; but the classes in `parts` are always drawn.
   */
  steps: number;
  /** Classes to draw, in order; after the last of them classes are predicted. */
  parts: readonly string[];
  seed: number;
  /** Number of this candidate; it affects only latents, noise and boxes. */
  index: number;
  /** Whether to keep faint ink beside the lines, default false; see {@linkcode cleanInk}. */
  raw?: boolean;
}

/**
 * Maximum number of parts of a sketch from nothing: more than hand-made drawings are likely to
 * have.
 */
export const MOST_STEPS = 30;
/** A sketch is done when a part adds ink to less than this share of the pixels. */
const LEAST_INK = 0.002;

/** Blank paper, for a run that was trained to start from it. */
export function blankSketch(model: SketchModel, resolution: number): Sketch {
  if (!model.beginsBlank) {
    throw new ConfigError(
      "Cannot draw from nothing: expected a run that begins on blank paper, received one that " +
        "completes sketches alone. Train with --blank yes or --layout boxes",
    );
  }
  return { raster: new Float32Array(drawnSide(model, resolution) ** 2).fill(-1), lines: [] };
}

/**
 * Completes a sketch once. The result depends on (seed, index), not on how many candidates are
 * drawn.
 * @throws ConfigError for a part class that the run doesn't have
 */
export function completeSketch(
  model: SketchModel,
  partial: Sketch,
  options: CompleteOptions,
): Completion {
  return completeSketches(model, [partial], options)[0]!; // one for each sketch
}

/**
 * Completes several sketches together, which is faster. They share the noise, as the samples of a
 * training batch do; `options.index` is the number of the first.
 * @throws ConfigError for a part class that the run doesn't have
 */
export function completeSketches(
  model: SketchModel,
  partials: readonly Sketch[],
  options: CompleteOptions,
): Completion[] {
  const { resolution, alpha, seed, index, raw = false } = options;
  const side = drawnSide(model, resolution);
  const given = options.parts.map((name) => classOf(model, name));
  const drawings = partials.map((sketch, i) => ({
    sketch,
    number: index + i,
    labels: new Set<number>(),
    steps: [] as CompletionStep[],
    isDone: false,
  }));
  for (let step = 0; step < options.steps; step++) {
    const open = drawings.filter(({ isDone }) => !isDone);
    if (open.length === 0) break;
    const parts = drawNext(model, open.map(({ sketch }) => sketch), {
      resolution,
      alpha,
      seed: seedFor(seed, `complete/${index}`, step),
      randoms: open.map(({ number }) => new Random(seedFor(seed, `complete/${number}/plan`, step))),
      labels: open.map(() => given[step]),
      drawn: open.map(({ labels }) => labels),
      raw,
    });
    open.forEach((drawing, i) => {
      const { raster: part, lines, label, ends } = parts[i]!; // one for each sketch
      const before = drawing.sketch.raster;
      const merged = before.map((value, at) => Math.max(value, part[at]!));
      const added = merged.reduce((n, value, at) => n + (value > 0 && before[at]! <= 0 ? 1 : 0), 0);
      // The first part and the requested ones are kept even if they add nothing.
      if (step >= Math.max(1, given.length) && added < LEAST_INK * side ** 2) {
        drawing.isDone = true;
        return;
      }
      drawing.steps.push({
        part,
        merged,
        ...(lines ? { lines } : {}),
        ...(label === undefined ? {} : { name: model.classes[label]! }),
      });
      drawing.sketch = { raster: merged, lines: [...drawing.sketch.lines, ...(lines ?? [])] };
      const isFull = label !== undefined && drawing.labels.add(label).size === model.classes.length;
      drawing.isDone = step + 1 >= given.length && (isFull || ends);
    });
  }
  return drawings.map(({ steps, sketch }) => ({ side, steps, merged: sketch.raster }));
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
