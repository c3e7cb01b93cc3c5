/** Sliced Wasserstein distance and MS-SSIM of a run's images against its data, streamed. */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../../data.ts";
import { toByte } from "../../images/mod.ts";
import {
  msSsimOfPairs,
  swdOf,
  type SwdOptions,
  type SwdResult,
  swdWithFloor,
} from "../../metrics/mod.ts";
import { hostStepRandom, seedFor, withStepRandom } from "../../random.ts";
import { previewLatents, type TrainingState } from "../../trainer/mod.ts";

/** How many images, and which. */
export interface MeasureOptions {
  /** Images of each set of SWD; where the data has fewer than twice as many, half of the data. */
  images: number;
  /** Seeds the choice of reals, latents, patches and directions. */
  seed: number;
  /** Which reals: those trained on, or the others, which tell memory from learning. Default "train". */
  split?: "train" | "held-out";
  /** Default: the average where the run keeps one. */
  weights?: "ema" | "live";
  /** Keeps the floor of a resolution: it is the same until the data changes. */
  floors?: Map<number, SwdResult>;
  onProgress?(message: string, fraction: number): void;
}

/** Where a training stands, and its data. */
interface Measured {
  training: TrainingState;
  dataset: Dataset;
  split: "train" | "held-out";
  count: number; // of reals
  images: number; // of each set
  resolution: number; // px a side
}

/** Images are drawn and read this many at a time. */
const BATCH = 32;

/** What a comparison gives. */
export interface SwdComparison {
  swd: SwdResult;
  floor: SwdResult;
  /** Reals that were compared with: one set, or two where the data is small. */
  reals: number;
}

/**
 * The distance of generated images to reals, and its floor: that of other reals to the same reals. All four sets
 * have the same number of images, since the distance falls with it, and no image is taken twice. Data with fewer than
 * twice the wanted images is cut into two halves, so that the floor has other reals; then the distance is the mean
 * over both halves, each compared with generated images of its own, so that all reals count.
 * @throws RangeError where the data has fewer than 4 images, TypeError where the model can't draw from latents
 */
export async function compareSwd(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<SwdComparison> {
  const measured = measuredOf(training, dataset, options);
  const { images, resolution } = measured, { seed, floors, onProgress } = options;
  const passes = images < options.images ? 2 : 1;
  let pass = 0;
  const swdOptions: SwdOptions = {
    resolution,
    channels: dataset.info.channels,
    seed,
    imagesPlanned: images,
    onProgress: (fraction) => onProgress?.("Comparing patches", (pass + fraction) / passes),
  };
  const reals = (first: number) => () => realBatches(measured, seed, first);
  const fakes = (first: number) => () => fakeBatches(measured, options, first);
  const known = floors?.get(resolution);
  const { swd, floor } = known?.images === images
    ? { swd: await swdOf({ real: reals(0), fake: fakes(0) }, swdOptions), floor: known }
    : await swdWithFloor(
      { real: reals(0), otherReal: reals(images), fake: fakes(0) },
      swdOptions,
    );
  floors?.set(resolution, floor);
  if (passes === 1) return { swd, floor, reals: images };
  pass = 1;
  const other = await swdOf({ real: reals(images), fake: fakes(images) }, swdOptions);
  return { swd: meanOf(swd, other), floor, reals: 2 * images };
}

/** Of two distances at the same levels. */
function meanOf(a: SwdResult, b: SwdResult): SwdResult {
  const levels = a.levels.map(({ resolution, value }, i) => ({
    resolution,
    value: (value + b.levels[i]!.value) / 2, // the same levels
  }));
  return { ...a, levels, average: (a.average + b.average) / 2 };
}

/**
 * Values for the curves: what `TrainOptions.measure` returns.
 * @returns "metric/swd" and "metric/swd_floor", ×10³
 */
export async function measureSwd(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<Record<string, number>> {
  const { swd, floor } = await compareSwd(training, dataset, options);
  return { "metric/swd": swd.average, "metric/swd_floor": floor.average };
}

/** Mean MS-SSIM of pairs, of the generated images and of reals; lower is more varied. */
export async function compareMsSsim(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Promise<{ fake: number; real: number; pairs: number; realPairs: number }> {
  const measured = measuredOf(training, dataset, options);
  const { resolution, count } = measured, shape = { resolution, channels: dataset.info.channels };
  // A mean over pairs: it doesn't depend on their number, so there may be more samples than reals.
  const drawn = options.images & ~1, read = Math.min(drawn, count & ~1);
  const told = (name: string, images: number) => (pairs: number) =>
    options.onProgress?.(`MS-SSIM of ${name}`, Math.min(1, 2 * pairs / images));
  const samples = fakeBatches({ ...measured, images: drawn }, options, 0);
  const reals = realBatches({ ...measured, images: read }, options.seed, 0);
  const fake = await msSsimOfPairs(samples, shape, told("samples", drawn));
  const real = await msSsimOfPairs(reals, shape, told("reals", read));
  return { fake: fake.value, real: real.value, pairs: fake.pairs, realPairs: real.pairs };
}

/**
 * Looks before anything is drawn.
 * @throws see {@linkcode compareSwd}
 */
export function expectMeasurable(
  { model }: TrainingState,
  info: Dataset["info"],
  split: "train" | "held-out",
): void {
  if (!model.generate || model.latentSize === undefined) {
    throw new TypeError("Cannot measure: expected a model that draws images from latents alone");
  }
  const count = split === "train" ? info.count : info.heldOutCount;
  if (count < 4) {
    throw new RangeError(
      `Cannot measure: expected at least 4 ${split} images to compare with, received ${count}`,
    );
  }
}

/** @throws see {@linkcode compareSwd} */
function measuredOf(training: TrainingState, dataset: Dataset, options: MeasureOptions): Measured {
  const { images, split = "train" } = options, { info } = dataset;
  expectMeasurable(training, info, split);
  const count = split === "train" ? info.count : info.heldOutCount;
  const available = Math.floor(count / 2);
  const { resolution } = training.networksAt().phase;
  return { training, dataset, split, count, images: Math.min(images, available), resolution };
}

/** Reals `first` … `first + images - 1` of a fixed order. */
async function* realBatches(
  { dataset, split, images, resolution }: Measured,
  seed: number,
  first: number,
): AsyncGenerator<Uint8Array> {
  const batchSize = Math.min(BATCH, images);
  const loader = dataset.open({ resolution, batchSize, cursor: first, seed, split });
  try {
    for (let done = 0; done < images; done += batchSize) {
      const { images: batch } = await loader.next();
      if (!batch) throw new TypeError("Cannot measure: expected images in the data, received none");
      const wanted = Math.min(batchSize, images - done);
      yield bytesOf(batch.data, batch.data.length / batchSize * wanted);
    }
  } finally {
    loader.close();
  }
}

/** Generated images; where the run is conditional, of the reals' own classes. */
async function* fakeBatches(
  measured: Measured,
  options: MeasureOptions,
  first: number,
): AsyncGenerator<Uint8Array> {
  const { training, dataset, split, count, images, resolution } = measured;
  const { model, average } = training, { alpha } = training.networksAt();
  const { seed, weights = "ema", onProgress } = options;
  const batchSize = Math.min(BATCH, images, count & ~1), size = model.latentSize!; // measuredOf checked both
  const classes = dataset.info.labels.length > 0
    ? dataset.open({ resolution, batchSize, cursor: first, seed, split })
    : undefined;
  try {
    for (let done = 0; done < images; done += batchSize) {
      const wanted = Math.min(batchSize, images - done);
      const labels = (await classes?.next())?.labels?.data.slice(0, wanted);
      const latents = previewLatents(
        seedFor(seed, "metrics/latents", first + done)[0],
        wanted,
        size,
      );
      const draw = () =>
        tf.tidy(() =>
          withStepRandom(
            hostStepRandom(seedFor(seed, "metrics/noise", first + done)),
            () =>
              model.generate!(tf.tensor2d(latents, [wanted, size]), {
                alpha,
                truncation: 1,
                ...(labels ? { labels: tf.tensor1d(labels, "int32") } : {}),
              }),
          )
        );
      const tensor = average && weights === "ema" ? average.withAverage(draw) : draw();
      try {
        const data = await tensor.data() as Float32Array; // images are float32
        yield bytesOf(data, data.length);
      } finally {
        tensor.dispose();
      }
      onProgress?.("Drawing", (done + wanted) / images);
    }
  } finally {
    classes?.close();
  }
}

/** The first `length` values, [-1, 1] to bytes. */
function bytesOf(values: ArrayLike<number>, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = toByte(values[i]!); // inside
  return out;
}
