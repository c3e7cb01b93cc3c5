/** Classes for pictures that have none: a network sorts them by what it sees. */
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

/** Pictures of a class on average, at least. */
const PICTURES_A_CLASS = 30;

/** Pictures of each class at least. */
const SMALLEST_CLASS = 10;

/** More pictures than these would take more than some minutes to look at. */
const MOST_PICTURES = 20_000;

/** Pictures that are looked at together. */
const BATCH = 32;

/** px a side at which they are looked at, where the data has it. */
const SIDE = 128;

/** Numbers a picture that are sorted by: random projections keep distances to about a tenth. */
const LENGTH = 256;

/** How pictures are sorted. */
export interface SortPicturesOptions {
  /** Classes at most. */
  clusters: number;
  notices: Notices;
  /** Folder of prepared data. Default: the user's cache. */
  cache?: string | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Sorts the pictures into classes: k-means on EfficientNet-lite0's features, scaled to length 1,
 * of the pictures to train on; those held out go to the nearest. About 25 ms a picture and
 * processor, once: the cache keeps the classes.
 * @param dataset without labels
 * @returns undefined where there are none, which is told: too few or too many pictures, all alike,
 * or no network
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
  const before = await readKept(kept, dataset.info);
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

/** Features of all pictures, those to train on first. */
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

/** A row scaled to length 1, in random directions that are always the same. */
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

/** Classes of an earlier time; undefined where there are none, or a file that is damaged. */
async function readKept(
  path: string,
  { digest, count, heldOutCount }: Dataset["info"],
): Promise<PictureClasses | undefined> {
  const text = await Deno.readTextFile(path).catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const classes = JSON.parse(text) as PictureClasses; // checked here
    const isWhole = (numbers: string, size: number) =>
      numbers.split(" ").filter((number) => /^\d+$/.test(number)).length === size;
    const { of, train, heldOut } = classes;
    if (of === digest && isWhole(train, count) && isWhole(heldOut, heldOutCount)) return classes;
  } catch {
    // the pictures are sorted again
  }
  return undefined;
}
