/** Exports training images as files, for trainers that read folders. */
import { join } from "node:path";
import type { Dataset } from "../../../../core/data.ts";
import { toByte, writePicture } from "../../../../core/images/mod.ts";

/** Images to read at a time. */
const BATCH = 32;

/**
 * Writes each training image as a PNG, starting with `00000.png`; held-out images are excluded.
 * @param resolution px a side
 * @returns how many were written
 */
export async function exportPictures(
  dataset: Dataset,
  resolution: number,
  folder: string,
): Promise<number> {
  const { count, channels } = dataset.info, size = resolution ** 2 * channels;
  if (channels !== 3) {
    throw new TypeError(`Cannot export pictures: expected 3 channels, received ${channels}`);
  }
  await Deno.mkdir(folder, { recursive: true });
  const options = { batchSize: BATCH, cursor: 0, seed: 0, shuffle: false, split: "train" } as const;
  const loader = dataset.open({ resolution, ...options });
  try {
    for (let done = 0; done < count; done += BATCH) {
      const { images } = await loader.next();
      if (!images) throw new TypeError("Cannot export pictures: expected images, received none");
      for (let i = 0; i < Math.min(BATCH, count - done); i++) {
        const pixels = Uint8Array.from(images.data.subarray(i * size, (i + 1) * size), toByte);
        const path = join(folder, `${String(done + i).padStart(5, "0")}.png`);
        await writePicture(path, { pixels, width: resolution, height: resolution, channels: 3 });
      }
    }
  } finally {
    loader.close();
  }
  return count;
}
