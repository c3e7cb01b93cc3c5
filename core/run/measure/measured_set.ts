/** The reals and the generated images that a measurement compares, streamed. */
import * as tf from "@tensorflow/tfjs";
import type { Dataset } from "../../data.ts";
import { hostStepRandom, seedFor, withStepRandom } from "../../random.ts";
import { previewLatents, type TrainingState } from "../../trainer/mod.ts";
import { toByte } from "../../images/mod.ts";
import type { SwdResult } from "../../metrics/mod.ts";
import type { FolderSamples } from "./folder_samples.ts";

/** Images of a set, where no number is named: what two cores manage in minutes. */
export const MEASURED_IMAGES = 2048;

/** How many images, and which. */
export interface MeasureOptions {
  /** Images of each set of SWD; where the data has fewer than twice as many, half of the data. */
  images: number;
  /** Seeds the choice of reals, latents, patches and directions. */
  seed: number;
  /**
   * Which reals: those trained on, or the others, which tell memory from learning. Default "train".
   */
  split?: "train" | "held-out";
  /** Default: the average where the run keeps one. */
  weights?: "ema" | "live";
  /**
   * The run mirrors half of the images that it trains on: so are the other reals that floors are
   * of, since the best generator draws both. Default false.
   */
  flip?: boolean;
  /** Measured in place of what the model draws. */
  samples?: FolderSamples;
  /** Keeps the floor of a resolution: it is the same until the data changes. */
  floors?: Map<number, SwdResult>;
  onProgress?(message: string, fraction: number): void;
}

/** Where a training stands, and its data. */
export interface Measured {
  training: TrainingState;
  dataset: Dataset;
  split: "train" | "held-out";
  count: number; // of reals
  images: number; // of each set
  resolution: number; // px a side
}

/** Images are drawn and read this many at a time. */
const BATCH = 32;

/**
 * Looks before anything is drawn.
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

/** Samples that can be had: a model draws without end. */
export function drawable({ samples }: Pick<MeasureOptions, "samples">): number {
  return samples?.count ?? Infinity;
}

/** Reals `first` … `first + images - 1` of a fixed order, with `flip` half of them mirrored. */
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
 * Generated images, or those of a folder; where the run is conditional, the model's are of the
 * reals' own classes.
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
  // measuredOf checked both
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

/** The first `length` values, [-1, 1] to bytes. */
function bytesOf(values: ArrayLike<number>, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i++) out[i] = toByte(values[i]!); // inside
  return out;
}
