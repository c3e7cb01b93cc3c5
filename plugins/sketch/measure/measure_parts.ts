/** Figures of drawn parts on held-out sketches, beside those of the real parts. */
import {
  type Dataset,
  type HostBatch,
  type OpenedRun,
  seedFor,
  tf,
  withSeed,
} from "../../../core/mod.ts";
import { fadeSketches } from "../fade_sketches.ts";
import type { SketchModel } from "../model.ts";
import { inkRatio, latentDiversity, touchRate } from "./ink.ts";
import { type PartClassifier, trainPartClassifier } from "./part_classifier.ts";

/** What was measured; rates are 0 … 1. */
export interface PartFigures {
  resolution: number;
  pairs: number;
  /** Parts with ink within {@linkcode TOUCH} of the partial sketch. */
  touchRate: { real: number; drawn: number };
  /** Drawn parts without any ink. */
  blank: number;
  /** Mean ink of drawn parts over that of real ones. */
  inkRatio: number;
  /** Mean distance between parts drawn for one sketch by several latents. */
  diversity: number;
  /** Mean distance between the real parts of different sketches, for comparison. */
  realDiversity: number;
  /** Share of parts whose class the classifier tells rightly; absent without classes. */
  classifier?: { real: number; drawn: number };
}

/** How to measure. */
export interface MeasureOptions {
  pairs: number;
  /** Parts drawn for each pair. */
  latents: number;
  /** Training steps of the classifier; 0: without. */
  classifierSteps: number;
  seed: number;
  onProgress?(fraction: number, message: string): void;
}

/** How near is touching, as a part of the side. */
export const TOUCH = 1 / 32;

/** Measures a run on the held-out part of its data, with the averaged generator. */
export async function measureParts(
  run: OpenedRun<SketchModel>,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<PartFigures> {
  const { model } = run;
  const { resolution, batchSize } = run.context.phase, { alpha } = run.context;
  const { latents, seed, onProgress } = options;
  const pairs = Math.min(options.pairs, dataset.info.heldOutCount);
  if (pairs < 1) throw new RangeError("Cannot measure: expected held-out sketches, received none");
  const loader = dataset.open({
    resolution,
    batchSize: pairs,
    cursor: 0,
    seed: 0,
    split: "held-out",
    shuffle: false,
  });
  const batch = await loader.next();
  loader.close();
  const drawn = run.withAverage(() =>
    drawAll(model, batch, { latents, chunk: batchSize, alpha, seed, resolution })
  );
  const size = resolution ** 2;
  // sketches
  const partial = batch.partial!.data as Float32Array, real = batch.part!.data as Float32Array;
  const partials = new Float32Array(drawn.length);
  for (let i = 0; i < pairs * latents; i++) {
    const from = Math.floor(i / latents) * size;
    partials.set(partial.subarray(from, from + size), i * size);
  }
  const distance = Math.max(1, TOUCH * resolution);
  const touch = touchRate(partials, drawn, { resolution, distance });
  const figures: PartFigures = {
    resolution,
    pairs,
    touchRate: { real: touchRate(partial, real, { resolution, distance }).rate, drawn: touch.rate },
    blank: touch.blank / touch.counted,
    inkRatio: inkRatio(drawn, real, { resolution }).ratio,
    diversity: latents > 1 ? latentDiversity(drawn, { resolution, latents }) : 0,
    realDiversity: pairs > 1 ? latentDiversity(real, { resolution, latents: pairs }) : 0,
  };
  if (options.classifierSteps === 0 || !batch.labels) return figures;
  const training = dataset.open({ resolution, batchSize: 32, cursor: 0, seed });
  const classifier = await trainPartClassifier(training, {
    backend: run.backend,
    resolution,
    classes: dataset.info.labels.length,
    steps: options.classifierSteps,
    seed,
    onProgress: (fraction) => onProgress?.(fraction, "training the classifier"),
  });
  training.close();
  const labels = batch.labels.data;
  const repeated = Int32Array.from(
    { length: pairs * latents },
    (_, i) => labels[Math.floor(i / latents)]!,
  );
  figures.classifier = {
    real: accuracy(classifier, { parts: real, labels, resolution }),
    drawn: accuracy(classifier, { parts: drawn, labels: repeated, resolution }),
  };
  classifier.dispose();
  return figures;
}

/** Parts [pairs · latents, R, R, 1] in [-1, 1], those of one sketch side by side. */
function drawAll(
  model: SketchModel,
  batch: HostBatch,
  how: { latents: number; chunk: number; alpha: number; seed: number; resolution: number },
): Float32Array {
  const { latents, chunk, alpha, seed, resolution } = how, size = resolution ** 2;
  const partial = batch.partial!.data as Float32Array, labels = batch.labels?.data; // sketches
  const pairs = partial.length / size, out = new Float32Array(pairs * latents * size);
  for (let from = 0; from < pairs; from += chunk) {
    const count = Math.min(chunk, pairs - from);
    for (let k = 0; k < latents; k++) {
      const parts = tf.tidy(() => {
        const image = tf.tensor4d(partial.slice(from * size, (from + count) * size), [
          count,
          resolution,
          resolution,
          1,
        ]);
        const of = labels && model.classes.length > 0
          ? { labels: tf.tensor1d(labels.slice(from, from + count), "int32") }
          : {};
        const shown = fadeSketches(image, alpha);
        const draw = () => model.drawParts(model.encode(shown, alpha), { alpha, ...of });
        const drawn = withSeed(seedFor(seed, `measure/${k}`, from), draw);
        return tf.clipByValue(drawn, -1, 1).dataSync() as Float32Array; // float32
      }) as unknown as Float32Array; // tidy passes it through
      for (let i = 0; i < count; i++) {
        out.set(parts.subarray(i * size, (i + 1) * size), ((from + i) * latents + k) * size);
      }
    }
  }
  return out;
}

function accuracy(
  classifier: PartClassifier,
  { parts, labels, resolution }: {
    parts: Float32Array;
    labels: ArrayLike<number>;
    resolution: number;
  },
): number {
  const size = resolution ** 2, count = parts.length / size;
  let right = 0;
  for (let from = 0; from < count; from += 64) {
    const to = Math.min(count, from + 64);
    const slice = parts.slice(from * size, to * size);
    const image = tf.tensor4d(slice, [to - from, resolution, resolution, 1]);
    classifier.classify(image).forEach((label, i) => right += label === labels[from + i] ? 1 : 0);
    image.dispose();
  }
  return right / count;
}
