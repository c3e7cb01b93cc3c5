/** Metrics of drawn parts on held-out sketches, beside those of the real parts. */
import {
  type Dataset,
  type OpenedRun,
  Random,
  seedFor,
  type SketchPair,
  tf,
} from "../../../core/mod.ts";
import { drawNext, drawnSide, linesOfPart } from "../complete/draw_next.ts";
import { rasterOfLines } from "../raster_of_lines.ts";
import type { SketchModel } from "../model.ts";
import { nextTurn } from "../next_turn.ts";
import { blankRate, inkRatio, latentDiversity, touchRate } from "./ink.ts";
import { type PartClassifier, reduced } from "./part_classifier.ts";
import { someOf } from "./some_of.ts";

/** The metrics; rates are 0 … 1. */
export interface PartFigures {
  /** Side of the measured rasters, px. */
  resolution: number;
  pairs: number;
  /**
   * Share of parts with ink within {@linkcode TOUCH} of the partial sketch; absent where all
   * partial sketches are blank.
   */
  touchRate?: { real: number; drawn: number };
  /** Share of drawn parts without any ink. */
  blank: number;
  /** Mean ink of drawn parts divided by that of real ones. */
  inkRatio: number;
  /**
   * Mean distance between parts drawn for one sketch by different latents; absent for a single
   * latent.
   */
  diversity?: number;
  /** Mean distance between the real parts of different sketches; absent for a single sketch. */
  realDiversity?: number;
  /** Accuracy of the classifier on the parts; absent without a classifier. */
  classifier?: { real: number; drawn: number };
}

/** How to measure. */
export interface MeasureOptions {
  pairs: number;
  /** Parts to draw for each pair. */
  latents: number;
  seed: number;
  /** Side of the rasters, px; 0: the run's own, or 64 with boxes. See {@linkcode sideOf}. */
  side: number;
  /** Whether to measure traced lines even at the run's own side, as for runs with boxes. */
  traced?: boolean;
  /** Classifies parts, if there are classes. */
  classifier?: PartClassifier | undefined;
  signal?: AbortSignal;
}

/** Distance that counts as touching, as a fraction of the side. */
export const TOUCH = 1 / 32;

/** Side at which a run is measured, px. */
export function sideOf({ model, context }: OpenedRun<SketchModel>, wanted: number): number {
  return wanted || (model.hasBoxes ? 64 : context.phase.resolution);
}

/**
 * The pairs of a data set of sketches.
 * @throws TypeError for other kinds of data
 */
export function pairsOf(dataset: Dataset, split: "train" | "held-out"): SketchPair[] {
  if (dataset.sketchPairs) return dataset.sketchPairs(split);
  throw new TypeError("Cannot measure: expected sketches as lines, received another kind of data");
}

/** The held-out pairs. @throws RangeError where there are none */
export function heldOutOf(dataset: Dataset): SketchPair[] {
  const pairs = pairsOf(dataset, "held-out");
  if (pairs.length > 0) return pairs;
  throw new RangeError(
    "Cannot measure: expected held-out sketches, received none. Train with --held-out 0.05",
  );
}

/**
 * Measures a run on the held-out part of its data, with the averaged generator. At the run's own
 * side parts are measured as they are drawn, unless `traced` is set; at any other side their traced
 * lines are measured.
 * @throws RangeError where no sketch is held out; the signal's reason
 */
export async function measureParts(
  run: OpenedRun<SketchModel>,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<PartFigures> {
  const { latents, seed, traced = false, classifier, signal } = options;
  const side = sideOf(run, options.side);
  const pairs = someOf(heldOutOf(dataset), options.pairs, seed);
  const drawn = await drawAll(run, pairs, { latents, seed, side, traced, signal });
  const real = joinRasters(pairs.map(({ lines }) => rasterOfLines(lines, side)));
  const partial = joinRasters(pairs.map(({ before }) => rasterOfLines(before, side)));
  const size = side ** 2, partials = new Float32Array(drawn.length);
  for (let i = 0; i < pairs.length * latents; i++) {
    const from = Math.floor(i / latents) * size;
    partials.set(partial.subarray(from, from + size), i * size);
  }
  const distance = Math.max(1, TOUCH * side), how = { resolution: side, distance };
  const touch = touchRate(partials, drawn, how);
  const figures: PartFigures = {
    resolution: side,
    pairs: pairs.length,
    ...(touch.counted > 0
      ? { touchRate: { real: touchRate(partial, real, how).rate, drawn: touch.rate } }
      : {}),
    blank: blankRate(drawn, how),
    inkRatio: inkRatio(drawn, real, { resolution: side }).ratio,
    ...(latents > 1 ? { diversity: latentDiversity(drawn, { resolution: side, latents }) } : {}),
    ...(pairs.length > 1
      ? { realDiversity: latentDiversity(real, { resolution: side, latents: pairs.length }) }
      : {}),
  };
  if (!classifier) return figures;
  const labels = pairs.map(({ label }) => label);
  const repeated = labels.flatMap((label) => Array<number>(latents).fill(label));
  figures.classifier = {
    real: accuracy(classifier, real, labels, side),
    drawn: accuracy(classifier, drawn, repeated, side),
  };
  return figures;
}

/** Draws parts [pairs · latents, side, side, 1] in [-1, 1]; those of one sketch are consecutive. */
async function drawAll(
  { model, context, withAverage }: OpenedRun<SketchModel>,
  pairs: readonly SketchPair[],
  { latents, seed, side, traced, signal }: {
    latents: number;
    seed: number;
    side: number;
    traced: boolean;
    signal: AbortSignal | undefined;
  },
): Promise<Float32Array> {
  const { resolution, batchSize } = context.phase, { alpha } = context;
  const size = side ** 2, native = drawnSide(model, resolution);
  const out = new Float32Array(pairs.length * latents * size);
  for (let from = 0; from < pairs.length; from += batchSize) {
    const chunk = pairs.slice(from, from + batchSize);
    const sketches = chunk.map(({ before }) => ({
      raster: rasterOfLines(before, native),
      lines: before,
    }));
    for (let k = 0; k < latents; k++) {
      await nextTurn(signal);
      const how = {
        resolution,
        alpha,
        seed: seedFor(seed, `measure/${k}`, from),
        randoms: chunk.map((_, i) => new Random(seedFor(seed, `measure/${k}/plan`, from + i))),
        labels: chunk.map(({ label }) => label),
        raw: true,
      };
      const parts = withAverage(() => drawNext(model, sketches, how));
      parts.forEach((part, i) => {
        const raster = side === native && !traced
          ? part.raster
          : rasterOfLines(linesOfPart(part, native), side);
        out.set(raster, ((from + i) * latents + k) * size);
      });
    }
  }
  return out;
}

function joinRasters(rasters: readonly Float32Array[]): Float32Array {
  // there is at least one
  const size = rasters[0]!.length, out = new Float32Array(rasters.length * size);
  rasters.forEach((raster, i) => out.set(raster, i * size));
  return out;
}

/** Share of parts that are classified correctly, at the classifier's own side. */
function accuracy(
  classifier: PartClassifier,
  parts: Float32Array,
  labels: readonly number[],
  side: number,
): number {
  const size = side ** 2;
  let right = 0;
  for (let from = 0; from < labels.length; from += 64) {
    const of = labels.slice(from, from + 64);
    const told = tf.tidy(() => {
      const image = tf.tensor4d(parts.slice(from * size, (from + of.length) * size), [
        of.length,
        side,
        side,
        1,
      ]);
      return classifier.classify(reduced(image, classifier.side));
    });
    of.forEach((label, i) => right += told[i] === label ? 1 : 0);
  }
  return right / labels.length;
}
