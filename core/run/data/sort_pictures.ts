/** Sorts pictures without labels into classes by a network's features. */
import { join } from "node:path";
import type { Dataset, PictureClasses } from "../../data.ts";
import {
  assigned,
  efficientNetExtractor,
  efficientNetWeights,
  kMeans,
} from "../../features/mod.ts";
import { toByte } from "../../images/mod.ts";
import type { FeatureSet } from "../../metrics/mod.ts";
import { Random, seedFor } from "../../random.ts";
import { sha256 } from "../../sha256.ts";
import { messageOf } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { defaultCacheDir } from "../../../datasets/mod.ts";
import type { Notices } from "../notices.ts";

/** Minimum average number of pictures per class. */
const PICTURES_A_CLASS = 30;

/** Minimum number of pictures in each class. */
const SMALLEST_CLASS = 10;

/** Maximum number of pictures: extracting features of more would take too long. */
const MOST_PICTURES = 20_000;

/** Batch size of the feature extraction. */
const BATCH = 32;

/** Resolution of the feature extraction, px a side, where the data has it. */
const SIDE = 128;

/** Length of the projected features: random projection preserves distances to about 10 %. */
const LENGTH = 256;

/** Options of {@linkcode sortPictures}. */
export interface SortPicturesOptions {
  /** Maximum number of classes. */
  clusters: number;
  notices: Notices;
  /** Folder of prepared data. Default: the user's cache. */
  cache?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Sorts the pictures into classes: k-means on EfficientNet-lite0's features, scaled to unit length,
 * of the training pictures; held-out pictures are assigned to the nearest class. Takes about 25 ms
 * per picture and processor, once: the classes are cached.
 * @param dataset without labels
 * @returns undefined, with a message, where it can't be done: too few or too many pictures, all
 * alike, or the network is not available
 */
export async function sortPictures(
  dataset: Dataset,
  { clusters, notices, cache = defaultCacheDir(), signal }: SortPicturesOptions,
): Promise<PictureClasses | undefined> {
  const { info: { count, heldOutCount, digest, maxResolution } } = dataset;
  const most = Math.min(clusters, Math.floor(count / PICTURES_A_CLASS));
  const all = count + heldOutCount;
  const refuse = (why: string) => notices.log(`Pictures are not sorted into classes: ${why}`);
  if (most < 2) return void refuse(`${count} are fewer than ${2 * PICTURES_A_CLASS}`);
  if (all > MOST_PICTURES) return void refuse(`${all} are more than ${MOST_PICTURES}`);
  const side = Math.min(SIDE, maxResolution);
  const key = sha256(JSON.stringify([1, digest, clusters, side])).slice(0, 24);
  const kept = join(cache, "classes", `${key}.json`);
  const before = await readCached(kept, dataset.info);
  if (before) return before;
  let features: FeatureSet;
  try {
    features = await featuresOf(dataset, side, notices, signal);
  } catch (error) {
    signal?.throwIfAborted();
    notices.warn(
      `pictures are not sorted into classes, the run trains without: ${messageOf(error)}. ` +
        `--clusters 0 leaves this out`,
    );
    return undefined;
  }
  const { values, length } = features;
  const train = { values: values.subarray(0, count * length), count, length };
  const held = { values: values.subarray(count * length), count: heldOutCount, length };
  const { centres, of } = kMeans(train, { count: most, smallest: SMALLEST_CLASS });
  if (centres.length < 2) return void refuse("all look alike");
  const classes = {
    of: digest,
    clusters,
    train: of.join(" "),
    heldOut: assigned(held, centres).of.join(" "),
  };
  try {
    await writeWhole(kept, new TextEncoder().encode(JSON.stringify(classes)));
  } catch (error) {
    notices.warn(`the cache does not keep the pictures' classes: ${messageOf(error)}`);
  }
  return classes;
}

/** Features of all pictures, training pictures first. */
async function featuresOf(
  dataset: Dataset,
  resolution: number,
  notices: Notices,
  signal?: AbortSignal,
): Promise<FeatureSet> {
  const { info: { count, heldOutCount, channels } } = dataset, all = count + heldOutCount;
  const weights = await efficientNetWeights({
    onProgress: ({ message, fraction }) => notices.progress(message, fraction),
  });
  const extractor = efficientNetExtractor(weights), project = projection(extractor.length);
  const values = new Float32Array(all * LENGTH);
  let done = 0;
  try {
    for (const [split, size] of [["train", count], ["held-out", heldOutCount]] as const) {
      if (size === 0) continue;
      const order = { cursor: 0, seed: 0, shuffle: false, split };
      const loader = dataset.open({ resolution, batchSize: Math.min(BATCH, size), ...order });
      try {
        for (let left = size; left > 0; left -= BATCH) {
          signal?.throwIfAborted();
          notices.progress("Sorting the pictures into classes", done / all);
          const { images } = await loader.next();
          if (!images) throw new TypeError("expected images in the data, received none");
          const bytes = Uint8Array.from(images.data, toByte);
          const rows = await extractor.extract(bytes, { resolution, channels });
          const wanted = Math.min(left, images.shape[0]!); // [N, R, R, C]
          for (let i = 0; i < wanted; i++) {
            const row = rows.subarray(i * extractor.length, (i + 1) * extractor.length);
            values.set(project(row), done++ * LENGTH);
          }
        }
      } finally {
        loader.close();
      }
    }
  } finally {
    extractor.dispose();
    notices.done();
  }
  return { values, count: done, length: LENGTH };
}

/** Scales a row to unit length and projects it on fixed random directions. */
function projection(length: number): (row: Float32Array) => Float32Array {
  const directions = new Random(seedFor(0, "sort-pictures")).normals(length * LENGTH);
  return (row) => {
    const out = new Float32Array(LENGTH), norm = Math.hypot(...row) || 1;
    for (let j = 0; j < length; j++) {
      const value = row[j]! / norm;
      for (let k = 0; k < LENGTH; k++) out[k]! += value * directions[j * LENGTH + k]!;
    }
    return out;
  };
}

/** Reads cached classes; undefined where there are none, or the file is damaged. */
async function readCached(
  path: string,
  { digest, count, heldOutCount }: Dataset["info"],
): Promise<PictureClasses | undefined> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const classes = JSON.parse(text) as PictureClasses; // checked below
    const isWhole = (numbers: string, size: number) =>
      numbers.split(" ").filter((number) => /^\d+$/.test(number)).length === size;
    const { of, train, heldOut } = classes;
    if (of === digest && isWhole(train, count) && isWhole(heldOut, heldOutCount)) return classes;
  } catch {
    // damaged: the pictures are sorted again
  }
  return undefined;
}
