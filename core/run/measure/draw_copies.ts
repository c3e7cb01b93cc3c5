/** Draws generated images next to the images that they are closest to. */
import type { Dataset } from "../../data.ts";
import { writeGrid } from "../../images/mod.ts";
import type { FeatureExtractor } from "../../metrics/mod.ts";
import { drawnName } from "../draw/drawn_name.ts";
import { drawnPath } from "../draw/drawn_path.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { type CopiesFound, findCopies } from "./compare_features.ts";
import {
  fakeBatches,
  MEASURED_IMAGES,
  measuredOf,
  type MeasureOptions,
  realBatches,
} from "./measured_set.ts";

/** Number of samples in the picture. */
const PAIRS = 12;

/** Copies, and a picture of the most suspicious ones. */
export interface CopiesDrawn extends CopiesFound {
  /** Path of a PNG with three rows: samples, and their nearest training and held-out images. */
  picture: string;
}

/** Looks for copies and draws the samples that are closest to a training image. */
export async function drawCopies(
  run: LoadedRun,
  dataset: Dataset,
  extractor: FeatureExtractor,
  options: MeasureOptions,
): Promise<CopiesDrawn> {
  const { training, resolution } = run, { channels } = dataset.info;
  const found = await findCopies(training, dataset, extractor, options);
  const shown = found.nearest.map(({ distance }, i) => ({ i, distance }))
    .sort((a, b) => a.distance - b.distance).slice(0, PAIRS).map(({ i }) => i);
  const measured = {
    ...measuredOf(training, dataset, { ...options, split: "train" }),
    images: found.samples,
  };
  const image = resolution ** 2 * channels;
  const cells = new Float32Array(3 * shown.length * image);
  const put = (cell: number, bytes: Uint8Array) =>
    cells.set(Float32Array.from(bytes, (byte) => byte / 127.5 - 1), cell * image);
  let at = 0;
  for await (const batch of fakeBatches(measured, options, 0)) {
    for (let i = 0; i < batch.length / image; i++, at++) {
      const cell = shown.indexOf(at);
      if (cell >= 0) put(cell, batch.subarray(i * image, (i + 1) * image));
    }
  }
  const rows = [["train", found.nearest], ["held-out", found.nearestHeldOut]] as const;
  for (const [row, [split, nearest]] of rows.entries()) {
    for (const [column, i] of shown.entries()) {
      const one = { ...measured, split, images: 1 };
      const { index } = nearest[i]!; // one per sample
      for await (const bytes of realBatches(one, { seed: options.seed }, index)) {
        put((row + 1) * shown.length + column, bytes);
      }
    }
  }
  const { samples, images, seed, weights } = options;
  const name = drawnName(samples ? "copies-in-folder" : "copies", ".png", {
    folder: samples?.folder,
    images: images === MEASURED_IMAGES ? undefined : images,
    seed: seed || undefined,
    weights: weights === "live" && training.average ? weights : undefined,
  });
  const picture = drawnPath(run, name);
  const shape = [3 * shown.length, resolution, resolution, channels];
  await writeGrid(picture, { data: cells, shape }, { columns: shown.length, gap: 2 });
  return { ...found, picture };
}
