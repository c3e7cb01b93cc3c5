/** Classes for pictures that have none: a network sorts them by what it sees. */
import { join } from "node:path";
import { cacheFolder } from "../../cache_folder.ts";
import type { Dataset, PictureClasses } from "../../data.ts";
import { efficientNetExtractor, efficientNetWeights, kMeans } from "../../features/mod.ts";
import { toByte } from "../../images/mod.ts";
import type { FeatureSet } from "../../metrics/mod.ts";
import { sha256 } from "../../sha256.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import type { Notices } from "../notices.ts";

/** Pictures of a class on average, at least; of more pictures there are more classes. */
const PICTURES_A_CLASS = 30;

/** Pictures of each class at least. */
const SMALLEST_CLASS = 10;

/** Pictures that are looked at together. */
const BATCH = 32;

/** px a side at which they are looked at, where the data has it. */
const SIDE = 128;

/** More pictures than these would take more than a few minutes to look at. */
const MOST_PICTURES = 20_000;

/**
 * Sorts the pictures into classes: k-means on EfficientNet-lite0's features of length 1, about
 * 25 ms a picture and processor. The classes are kept in the cache.
 * @param wanted classes at most
 * @param cache folder of Cambium's caches; undefined: the user's
 * @returns undefined where there are too few pictures for two classes, or too many or no features,
 * which is told
 */
export async function sortPictures(
  dataset: Dataset,
  wanted: number,
  notices: Notices,
  cache: string | undefined = cacheFolder(),
): Promise<PictureClasses | undefined> {
  const { info: { count, heldOutCount, digest } } = dataset;
  const most = Math.min(wanted, Math.floor(count / PICTURES_A_CLASS));
  if (most < 2) return undefined;
  if (count + heldOutCount > MOST_PICTURES) {
    notices.log(
      `Pictures are not sorted into classes: ${count + heldOutCount} are more than ` +
        `${MOST_PICTURES}`,
    );
    return undefined;
  }
  const key = sha256(JSON.stringify([1, digest, most])).slice(0, 24);
  const kept = cache === undefined ? undefined : join(cache, "classes", `${key}.json`);
  const before = kept && await readKept(kept, count, heldOutCount);
  if (before) return before;
  let rows: FeatureSet;
  try {
    rows = await featuresOf(dataset, notices, cache);
  } catch (error) {
    notices.warn(
      `pictures are not sorted into classes, the run trains without: ${messageOf(error)}. ` +
        `--clusters 0 leaves this out`,
    );
    return undefined;
  }
  const all = [...kMeans(rows, { count: most, smallest: SMALLEST_CLASS })];
  if (Math.max(...all) === 0) return undefined;
  const classes = {
    train: all.slice(0, count).join(" "),
    heldOut: all.slice(count).join(" "),
  };
  if (kept) {
    await writeWhole(kept, new TextEncoder().encode(JSON.stringify(classes)));
  }
  return classes;
}

/** Features of length 1 of all pictures, those to train on first. */
async function featuresOf(
  dataset: Dataset,
  notices: Notices,
  cache: string | undefined,
): Promise<FeatureSet> {
  const { info: { count, heldOutCount, channels, maxResolution } } = dataset;
  const weights = await efficientNetWeights({
    cache,
    onProgress: ({ message, fraction }) => notices.progress(message, fraction),
  });
  const extractor = efficientNetExtractor(weights), { length } = extractor;
  const values = new Float32Array((count + heldOutCount) * length);
  const resolution = Math.min(SIDE, maxResolution);
  let done = 0;
  try {
    for (const [split, size] of [["train", count], ["held-out", heldOutCount]] as const) {
      if (size === 0) continue;
      const order = { cursor: 0, seed: 0, shuffle: false, split };
      const loader = dataset.open({ resolution, batchSize: Math.min(BATCH, size), ...order });
      try {
        for (let left = size; left > 0; left -= BATCH) {
          notices.progress("Sorting the pictures into classes", done / (count + heldOutCount));
          const { images } = await loader.next();
          if (!images) throw new TypeError("expected images in the data, received none");
          const features = await extractor.extract(Uint8Array.from(images.data, toByte), {
            resolution,
            channels,
          });
          const rows = Math.min(left, images.shape[0]!); // [N, R, R, C]
          values.set(features.subarray(0, rows * length), done * length);
          done += rows;
        }
      } finally {
        loader.close();
      }
    }
  } finally {
    extractor.dispose();
    notices.done();
  }
  for (let i = 0; i < done; i++) normalize(values.subarray(i * length, (i + 1) * length));
  return { values, count: done, length };
}

function normalize(row: Float32Array): void {
  const norm = Math.hypot(...row) || 1;
  for (let j = 0; j < row.length; j++) row[j]! /= norm;
}

/** Classes of an earlier time; undefined where there are none of these pictures. */
async function readKept(
  path: string,
  count: number,
  heldOutCount: number,
): Promise<PictureClasses | undefined> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const { train, heldOut } = JSON.parse(text) as PictureClasses; // checked here
    const isWhole = (numbers: string, size: number) =>
      numbers.split(" ").filter((number) => /^\d+$/.test(number)).length === size;
    if (isWhole(train, count) && isWhole(heldOut, heldOutCount)) return { train, heldOut };
  } catch {
    // damaged: the pictures are sorted again
  }
  return undefined;
}
