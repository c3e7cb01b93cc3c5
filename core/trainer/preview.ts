/**
 * Sample grids drawn from latents and data that stay the same throughout a run, and the grid of
 * reals to compare them with.
 */
import * as tf from "@tensorflow/tfjs";
import type { Dataset, HostBatch } from "../data.ts";
import type { Preview } from "../plugin/mod.ts";
import { Random, seedFor, withSeed } from "../random.ts";
import type { TrainingState } from "./training_state.ts";

/** A sample grid on the host, values in [-1, 1]. */
export interface HostPreview {
  /** Row-major. */
  data: Float32Array;
  /** [N, R, R, C]. */
  shape: number[];
  /** Cells in a row of the grid. */
  columns: number;
  /** Indices, within a row, of the cells that the generator drew; all where absent. */
  drawn?: readonly number[];
}

/** The fixed latents [count, latentSize], row-major: standard normal, seeded by the run. */
export function previewLatents(seed: number, count: number, latentSize: number): Float32Array {
  return new Random(seedFor(seed, "preview")).normals(count * latentSize);
}

/**
 * Draws the sample grid.
 * @param training at a step boundary
 * @param batch a fixed batch of held-out data at the present resolution
 * @param weights "ema" draws with the moving average of the generator, "live" with the weights in
 * training
 * @throws TypeError where the model has no `generate` and no plugin has a preview
 */
export async function drawPreview(
  training: TrainingState,
  batch: HostBatch,
  weights: "ema" | "live",
): Promise<HostPreview> {
  const { model, run, average } = training;
  const { phase, alpha } = training.networksAt();
  const count = run.previewCount;
  const latents = model.latentSize === undefined
    ? null
    : tf.tensor2d(previewLatents(run.seed, count, model.latentSize), [count, model.latentSize]);
  const draw = (): Preview => {
    const own = training.driver.preview({ latents, batch, count, alpha });
    if (own) return own;
    if (!model.generate || !latents) {
      throw new TypeError(
        "Cannot draw samples: expected the plugin to have a preview hook or model.generate()",
      );
    }
    const labels = batch.labels &&
      tf.tensor1d(labelsOf(training.dataset, batch.labels.data, count), "int32");
    return {
      images: inChunks(
        latents,
        phase.batchSize,
        (z, start) =>
          model.generate!(z, {
            alpha,
            truncation: run.previewTruncation,
            ...(labels ? { labels: labels.slice(start, z.shape[0]) as tf.Tensor1D } : {}),
          }),
      ),
      columns: Math.ceil(Math.sqrt(count)),
    };
  };
  let layout: Omit<Preview, "images"> = { columns: 1 };
  const tidied = () =>
    tf.tidy(() => {
      const { images, ...rest } = draw();
      layout = rest;
      return images;
    });
  const seeded = () => withSeed(seedFor(run.seed, "preview-noise"), tidied);
  const images = weights === "ema" && average ? average.withAverage(seeded) : seeded();
  try {
    const data = await images.data() as Float32Array; // images are float32
    return { data, shape: images.shape.slice(), ...layout };
  } finally {
    images.dispose();
    latents?.dispose();
  }
}

/**
 * Class labels of the cells: those of the held-out samples, repeated as needed, or all classes in
 * turn where nothing is held out.
 */
export function labelsOf(
  { labels, heldOutCount }: TrainingState["dataset"],
  held: Float32Array | Int32Array,
  count: number,
): Int32Array {
  const given = heldOutCount > 0 ? held : labels.map((_, label) => label);
  return Int32Array.from({ length: count }, (_, i) => given[i % given.length]!);
}

/**
 * Calls `fn` on at most `size` rows at a time, so that a preview needs no more memory than a step.
 */
export function inChunks(
  z: tf.Tensor2D,
  size: number,
  fn: (z: tf.Tensor2D, start: number) => tf.Tensor4D,
): tf.Tensor4D {
  const parts: tf.Tensor4D[] = [];
  for (let start = 0; start < z.shape[0]; start += size) {
    const rows = Math.min(size, z.shape[0] - start);
    parts.push(tf.tidy(() => fn(z.slice([start, 0], [rows, -1]), start)));
  }
  return parts.length === 1 ? parts[0]! : tf.concat(parts, 0);
}

/**
 * The first held-out samples, up to as many as a preview has cells; training samples where nothing
 * is held out.
 * @param options.fill whether to top up with training samples where fewer are held out. Right for
 * the picture of reals; wrong for a preview that is drawn from the batch, which must not show
 * samples that the model was trained on. Default true
 */
export async function heldOutBatch(
  { run }: Pick<TrainingState, "run">,
  dataset: Dataset,
  resolution: number,
  { fill = true }: { fill?: boolean } = {},
): Promise<HostBatch> {
  const { count, heldOutCount } = dataset.info;
  const firstBatch = async (split: "held-out" | "train", batchSize: number) => {
    const where = { resolution, batchSize, cursor: 0, seed: run.seed, split, shuffle: false };
    const loader = dataset.open(where);
    try {
      return await loader.next();
    } finally {
      loader.close();
    }
  };
  if (heldOutCount === 0) {
    return await firstBatch("train", fill ? Math.min(run.previewCount, count) : 1);
  }
  const batch = await firstBatch("held-out", Math.min(run.previewCount, heldOutCount));
  const lacking = Math.min(run.previewCount - heldOutCount, count);
  return fill && lacking > 0 ? joined(batch, await firstBatch("train", lacking)) : batch;
}

/** Concatenates two batches of the same data set. */
function joined(a: HostBatch, b: HostBatch): HostBatch {
  return Object.fromEntries(
    Object.entries(a).map(([name, { data, shape: [count = 0, ...rest] }]) => {
      const next = b[name]!; // both have the same tensors
      const both = new (data instanceof Int32Array ? Int32Array : Float32Array)(
        data.length + next.data.length,
      );
      both.set(data);
      both.set(next.data, data.length);
      return [name, { data: both, shape: [count + (next.shape[0] ?? 0), ...rest] }];
    }),
  );
}

/**
 * A batch as a grid of pictures.
 * @throws TypeError where the batch has no images and the data set has no `picture`
 */
export function realsOf(dataset: Pick<Dataset, "picture">, batch: HostBatch): HostPreview {
  const picture = dataset.picture?.(batch) ?? batch.images;
  if (!picture) {
    throw new TypeError(
      "Cannot show reals: expected images in a batch, or a data set with picture(), received " +
        "neither",
    );
  }
  const { data, shape } = picture;
  return { data: Float32Array.from(data), shape, columns: Math.ceil(Math.sqrt(shape[0] ?? 1)) };
}
