/** A picture of the classes that a run's pictures were sorted into. */
import { join } from "node:path";
import type { Dataset } from "../../data.ts";
import { writeGrid } from "../../images/mod.ts";

/** The sheet's name in the run's folder. */
export const CLASS_SHEET = "classes.png";

/** Limits of what is shown: pictures per class, and classes. */
const SHOWN = { pictures: 16, classes: 40 };

/** Maximum size of a picture on the sheet, px a side. */
const SIDE = 64;

/** Batch size of reading. */
const BATCH = 32;

/**
 * Writes {@linkcode CLASS_SHEET} into a folder: one row per class, with its first training
 * pictures.
 */
export async function writeClassSheet(folder: string, dataset: Dataset): Promise<void> {
  const { count, channels, labels, maxResolution } = dataset.info;
  const rows = Math.min(SHOWN.classes, labels.length), columns = SHOWN.pictures;
  const resolution = Math.min(SIDE, maxResolution), size = resolution ** 2 * channels;
  const data = new Float32Array(rows * columns * size).fill(1); // empty cells are white
  const shown = new Int32Array(rows);
  const batchSize = Math.min(BATCH, count);
  const loader = dataset.open({ resolution, batchSize, cursor: 0, seed: 0, shuffle: false });
  try {
    for (let done = 0; done < count; done += batchSize) {
      // the data has images with classes
      const batch = await loader.next(), images = batch.images!.data;
      for (let i = 0; i < Math.min(batchSize, count - done); i++) {
        const row = batch.labels!.data[i]!;
        if (row >= rows || shown[row]! === columns) continue;
        const cell = row * columns + shown[row]!++;
        data.set(images.subarray(i * size, (i + 1) * size), cell * size);
      }
    }
  } finally {
    loader.close();
  }
  const shape = [rows * columns, resolution, resolution, channels];
  await writeGrid(join(folder, CLASS_SHEET), { data, shape }, { columns, gap: 2, background: 160 });
}
