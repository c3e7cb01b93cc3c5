/** Streams the reals and the generated images that a measurement compares. */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../../data.ts";
import { hostStepRandom, seedFor, withStepRandom } from "../../random.ts";
import { previewLatents, type TrainingState } from "../../trainer/mod.ts";
import { toByte } from "../../images/mod.ts";
import type { SwdResult } from "../../metrics/mod.ts";
import type { FolderSamples } from "./folder_samples.ts";

/** Default number of images in a set: two cores measure it within minutes. */
export const MEASURED_IMAGES = 2048;

/** Options of a measurement. */
export interface MeasureOptions {
  /** Number of images in each set; half of the data where it has fewer than twice as many. */
  images: number;
  /** Seeds the choice of reals, latents, patches and directions. */
  seed: number;
  /**
   * Which reals to compare with. Held-out reals distinguish memorization from generalization.
   * Default "train".
   */
  split?: "train" | "held-out";
  /** Default: the average where the run keeps one. */
  weights?: "ema" | "live";
  /**
   * Whether the run mirrors half of its training images. The floors' other reals are then mirrored
   * as well, since a perfect generator draws both. Default false.
   */
  flip?: boolean;
  /** Measured instead of the model's images. */
  samples?: FolderSamples;
  /** Cache of floors by resolution; they depend only on the data. */
  floors?: Map<number, SwdResult>;
  onProgress?(message: string, fraction: number): void;
}

/** The training and the data that are compared. */
export interface Measured {
  training: TrainingState;
  dataset: Dataset;
  split: "train" | "held-out";
  count: number; // number of reals
  images: number; // in each set
  resolution: number; // px a side
}

/** Batch size of drawing and reading. */
const BATCH = 32;

/**
 * Checks that a measurement is possible, before anything is drawn.
 * @throws RangeError where the data has fewer than 4 images, TypeError where the model can't draw
 * from latents
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

/**
 * @throws RangeError where the data has fewer than 4 images, TypeError where the model can't draw
 * from latents
 */
export function measuredOf(
  training: TrainingState,
  dataset: Dataset,
  options: MeasureOptions,
): Measured {
  const { images, split = "train" } = options, { info } = dataset;
  expectMeasurable(training, info, split);
  const count = split === "train" ? info.count : info.heldOutCount;
  const most = Math.min(Math.floor(count / 2), drawable(options));
  const { resolution } = training.networksAt().phase;
  return { training, dataset, split, count, images: Math.min(images, most), resolution };
}

/** Number of samples available: unlimited for a model. */
export function drawable({ samples }: Pick<MeasureOptions, "samples">): number {
  return samples?.count ?? Infinity;
}

/**
 * Reals `first` … `first + images - 1` in a fixed order; with `flip`, half of them are mirrored.
 */
export async function* realBatches(
  { dataset, split, images, resolution }: Measured,
  { seed, flip = false }: Pick<MeasureOptions, "seed" | "flip">,
  first: number,
): AsyncGenerator<Uint8Array> {
  const batchSize = Math.min(BATCH, images);
  const loader = dataset.open({ resolution, batchSize, cursor: first, seed, split, flip });
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

/**
 * Generated images, or those of a folder. For a conditional run, the generated images have the
 * classes of the reals.
 */
export async function* fakeBatches(
  measured: Measured,
  options: MeasureOptions,
  first: number,
): AsyncGenerator<Uint8Array> {
  if (options.samples) return yield* options.samples.batches(first, measured.images);
  const { training, dataset, split, count, images, resolution } = measured;
  const { model, average } = training, { alpha } = training.networksAt();
  const { seed, weights = "ema", onProgress } = options;
  // measuredOf() checked `latentSize` and `generate`
  const batchSize = Math.min(BATCH, images, count & ~1), size = model.latentSize!;
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

/** Converts the first `length` values from [-1, 1] to bytes. */
function bytesOf(values: ArrayLike<number>, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = toByte(values[i]!); // inside
  return out;
}
