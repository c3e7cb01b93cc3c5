/** Metrics of whole sketches that a run draws from nothing, beside those of people's drawings. */
import {
  densityCoverage,
  type FeatureSet,
  frechetDistance,
  type OpenedRun,
  type SketchPair,
  tf,
} from "../../../core/mod.ts";
import { blankSketch, completeSketches, MOST_STEPS } from "../complete/complete_sketch.ts";
import { drawnSide, linesOfPart } from "../complete/draw_next.ts";
import { rasterOfLines } from "../raster_of_lines.ts";
import type { SketchModel } from "../model.ts";
import { nextTurn } from "../next_turn.ts";
import type { PartClassifier } from "./part_classifier.ts";
import { someOf } from "./some_of.ts";

/** Distances between drawn and people's sketches, and between two sets of people's sketches. */
export interface SketchFigures {
  /** Sketches on each side. */
  count: number;
  frechet: { drawn: number; real: number };
  precision: { drawn: number; real: number };
  coverage: { drawn: number; real: number };
  /** Mean number of parts. */
  parts: { drawn: number; real: number };
  /** SHA-256 of the classifier whose features were compared, and the threads that trained it. */
  digest: string;
  threads: number;
}

/** How to measure. */
export interface SketchOptions {
  /** Maximum number of sketches on each side. */
  count: number;
  seed: number;
  /** Whether to compare traced lines even where the run draws at the classifier's side. */
  traced?: boolean;
  classifier: PartClassifier;
  signal?: AbortSignal;
}

/** Smallest number of sketches on each side: a neighbourhood, and the sketch it belongs to. */
export const LEAST_SKETCHES = 6;

/** Sketches on each side, at most `most`; people's drawings are split in two. */
export function comparedCount(pairs: readonly SketchPair[], most: number): number {
  return Math.min(most, Math.floor(pairs.filter(({ isLast }) => isLast).length / 2));
}

/**
 * Compares as many drawn sketches with one half of people's drawings; the other half gives the
 * values that people's drawings get themselves. All are compared by the classifier's features (see
 * {@linkcode PartClassifier.features}) at its side, as rasters of lines or, where a run without
 * boxes draws at that side, as drawn.
 * @param pairs of the training split, because there are too few held-out drawings
 * @throws RangeError where there are fewer than {@linkcode LEAST_SKETCHES}; the signal's reason
 */
export async function measureSketches(
  run: OpenedRun<SketchModel>,
  pairs: readonly SketchPair[],
  { count: most, seed, traced = false, classifier, signal }: SketchOptions,
): Promise<SketchFigures> {
  const { side, digest, threads } = classifier, ends = pairs.filter(({ isLast }) => isLast);
  const count = comparedCount(pairs, most);
  const people = someOf(ends, 2 * count, seed).map(({ before, lines }) =>
    rasterOfLines([...before, ...lines], side)
  );
  const { rasters, parts } = await drawFromNothing(run, { count, side, seed, traced, signal });
  const featuresOf = (of: readonly Float32Array[]) => featureSet(classifier, of);
  const reference = featuresOf(people.filter((_, i) => i % 2 === 0));
  const other = featuresOf(people.filter((_, i) => i % 2 === 1)), drawn = featuresOf(rasters);
  const [ofReal, ofDrawn] = [
    await densityCoverage(reference, other),
    await densityCoverage(reference, drawn),
  ];
  return {
    count,
    frechet: {
      drawn: frechetDistance(reference, drawn),
      real: frechetDistance(reference, other),
    },
    precision: { drawn: ofDrawn.precision, real: ofReal.precision },
    coverage: { drawn: ofDrawn.coverage, real: ofReal.coverage },
    parts: { drawn: parts / count, real: pairs.length / Math.max(1, ends.length) },
    digest,
    threads,
  };
}

/** Draws whole sketches as rasters, and counts all their parts. */
async function drawFromNothing(
  { model, context, withAverage }: OpenedRun<SketchModel>,
  { count, side, seed, traced, signal }: {
    count: number;
    side: number;
    seed: number;
    traced: boolean;
    signal: AbortSignal | undefined;
  },
): Promise<{ rasters: Float32Array[]; parts: number }> {
  const { resolution, batchSize } = context.phase, { alpha } = context;
  const blank = blankSketch(model, resolution), native = drawnSide(model, resolution);
  const rasters: Float32Array[] = [];
  let parts = 0;
  for (let index = 0; index < count; index += batchSize) {
    await nextTurn(signal);
    const sketches = Array<typeof blank>(Math.min(batchSize, count - index)).fill(blank);
    const how = { resolution, alpha, steps: MOST_STEPS, parts: [], seed, index };
    const drawn = withAverage(() => completeSketches(model, sketches, how));
    for (const { steps, merged } of drawn) {
      parts += steps.length;
      const lines = () =>
        steps.flatMap(({ part, lines }) => linesOfPart({ raster: part, lines }, native));
      rasters.push(side === native && !traced ? merged : rasterOfLines(lines(), side));
    }
  }
  return { rasters, parts };
}

function featureSet(classifier: PartClassifier, rasters: readonly Float32Array[]): FeatureSet {
  const { side } = classifier, rows: Float32Array[] = [];
  for (let from = 0; from < rasters.length; from += 64) {
    const some = rasters.slice(from, from + 64), data = new Float32Array(some.length * side ** 2);
    some.forEach((raster, i) => data.set(raster, i * side ** 2));
    rows.push(tf.tidy(() => {
      const pictures = tf.tensor4d(data, [some.length, side, side, 1]);
      return classifier.features(pictures).dataSync() as Float32Array; // float32
    }) as unknown as Float32Array); // tidy() passes arrays through
  }
  const values = Float32Array.from(rows.flatMap((row) => [...row]));
  return { values, count: rasters.length, length: values.length / rasters.length };
}
