/** Figures of whole sketches that a run draws from nothing, beside people's. */
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

/** Distances of drawn sketches to people's, and those of as many other people's. */
export interface SketchFigures {
  /** Sketches on each side. */
  count: number;
  frechet: { drawn: number; real: number };
  precision: { drawn: number; real: number };
  coverage: { drawn: number; real: number };
  /** Mean number of parts. */
  parts: { drawn: number; real: number };
  /** Of the classifier whose features were compared, and the threads that made its weights. */
  digest: string;
  threads: number;
}

/** How to measure. */
export interface SketchOptions {
  /** Most sketches on each side. */
  count: number;
  seed: number;
  /** Compare traced lines where the run draws at the classifier's side, too. */
  traced?: boolean;
  classifier: PartClassifier;
  signal?: AbortSignal;
}

/** Fewest sketches on each side: those of a neighbourhood, and the one that it is of. */
export const LEAST_SKETCHES = 6;

/** Sketches on each side, of at most so many: people's are halved. */
export function comparedCount(pairs: readonly SketchPair[], most: number): number {
  return Math.min(most, Math.floor(pairs.filter(({ isLast }) => isLast).length / 2));
}

/**
 * People's drawings are halved: the first half is what is compared with, the other shows what
 * another set of people's gets. As many are drawn. All are pictures at the classifier's side:
 * of lines or, where the run draws at that side without boxes, as drawn; features are its own,
 * see {@linkcode PartClassifier.features}.
 * @param pairs of the training split: held-out drawings are too few
 * @throws RangeError where there are fewer than {@linkcode LEAST_SKETCHES}; the signal's reason
 */
export async function measureSketches(
  run: OpenedRun<SketchModel>,
  pairs: readonly SketchPair[],
  { count: most, seed, traced = false, classifier, signal }: SketchOptions,
): Promise<SketchFigures> {
  const { side, digest, threads } = classifier, ends = pairs.filter(({ isLast }) => isLast);
  const count = comparedCount(pairs, most);
  const people = ends.slice(0, 2 * count).map(({ before, lines }) =>
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

/** Whole sketches as pictures, and the number of all their parts. */
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
    }) as unknown as Float32Array); // tidy passes it through
  }
  const values = Float32Array.from(rows.flatMap((row) => [...row]));
  return { values, count: rasters.length, length: values.length / rasters.length };
}
