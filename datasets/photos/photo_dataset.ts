/** A data set of crops of whole pictures. */
import type {
  BatchLoader,
  Dataset,
  DatasetInfo,
  HostBatch,
  HostPicture,
  OpenOptions,
} from "../../core/data.ts";
import { Random, seedFor } from "../../core/random.ts";
import { type Cache, digestOf } from "../cache/build.ts";
import { checkOpen } from "../loader/check_open.ts";
import { largeEnough } from "../loader/large_enough.ts";
import { PixelFiles } from "../loader/pixel_files.ts";
import { prefetch } from "../loader/prefetch.ts";
import { SampleOrder } from "../loader/sample_order.ts";
import { splitEntries } from "../split.ts";
import { copyCrop } from "./copy_crop.ts";
import { tilesOf } from "./tiles_of.ts";

/** Smallest side in px of a picture that is measured whole: SSIM's window, plus what is cropped. */
const MIN_WHOLE = 32;

/**
 * The samples are squares of `maxResolution` that tile the pictures, so that an epoch has as many
 * crops as fit side by side, and large pictures provide more of them. When shuffled for training,
 * each draw is a crop at a random position of its square's picture, with `flip` in one of the eight
 * orientations; both follow from (seed, sample). When not shuffled, it is the middle of the square;
 * the central squares of all pictures come first.
 * @param resolutions sides in px that may be opened
 * @param heldOut fraction of the pictures that is held out
 * @param smallWhole whether whole pictures may be smaller than `maxResolution`
 * @throws RangeError if no picture is large enough
 */
export function photoDataset(
  cache: Cache,
  { resolutions, maxResolution, heldOut, smallWhole = false }: {
    resolutions: readonly number[];
    maxResolution: number;
    heldOut: number;
    smallWhole?: boolean;
  },
): Dataset {
  const { index } = cache, { entries, channels } = index;
  const smallest = smallWhole ? Math.min(MIN_WHOLE, maxResolution) : maxResolution;
  const [kept, small] = largeEnough(entries, smallest);
  const part = splitEntries(kept.map((i) => entries[i]!), heldOut); // kept are their indices
  const pictures = {
    train: part.train.map((i) => kept[i]!), // of kept, as the next
    "held-out": part.heldOut.map((i) => kept[i]!),
  };
  const tilesFor = (numbers: readonly number[]) =>
    tilesOf(numbers.map((i) => ({ ...entries[i]!, number: i })), maxResolution);
  const tiles = { train: tilesFor(pictures.train), "held-out": tilesFor(pictures["held-out"]) };
  const starts: number[] = []; // first pixel of each picture
  let pixels = 0;
  for (const { width, height } of entries) {
    starts.push(pixels);
    pixels += width * height;
  }
  const info: DatasetInfo = {
    kind: "images",
    name: index.name,
    source: index.source,
    digest: digestOf([index.contentDigest, heldOut, maxResolution]),
    count: tiles.train.length,
    heldOutCount: tiles["held-out"].length,
    channels,
    maxResolution,
    labels: [],
    skipped: [...index.skipped, ...small],
    ...(index.notes ? { notes: index.notes } : {}),
  };
  const files = new PixelFiles(cache);

  const open = (options: OpenOptions): BatchLoader => {
    const { resolution, batchSize, cursor, seed, flip = false } = options;
    const { split = "train", shuffle = true } = options;
    const samples = tiles[split];
    checkOpen(options, samples.length, resolutions);
    const order = new SampleOrder(samples.length, seed, shuffle);
    const isRandom = shuffle && split === "train";
    const file = files.acquire(1), size = resolution * resolution * channels;

    const make = async (batch: number): Promise<HostBatch> => {
      const data = new Float32Array(batchSize * size);
      for (let i = 0; i < batchSize; i++) {
        const k = cursor + batch * batchSize + i;
        const { number, x, y } = samples[order.at(k)]!; // below their number
        const { width, height } = entries[number]!;
        const random = isRandom ? new Random(seedFor(seed, "crop", k)) : undefined;
        const inset = (maxResolution - resolution) / 2;
        const below = (count: number) => Math.floor(random!.uniform() * count); // isRandom
        const left = random ? below(width - resolution + 1) : x + inset;
        const top = random ? below(height - resolution + 1) : y + inset;
        const turn = random && flip ? below(8) : 0;
        // whole rows: a single read
        const rows = await file.readSpan(starts[number]! + top * width, resolution * width);
        const to = data.subarray(i * size, (i + 1) * size);
        copyCrop(rows, to, { width, left, resolution, channels, turn });
      }
      return { images: { data, shape: [batchSize, resolution, resolution, channels] } };
    };
    return prefetch(make, () => files.release(1));
  };

  async function* wholePictures(split: "train" | "held-out"): AsyncGenerator<HostPicture> {
    const file = files.acquire(1);
    try {
      for (const number of pictures[split]) {
        const { path, width, height, grey = false } = entries[number]!;
        const data = await file.readSpan(starts[number]!, width * height);
        yield { path, data, width, height, channels, isGrey: grey };
      }
    } finally {
      files.release(1);
    }
  }
  return { info, open, wholePictures, close: () => files.close() };
}
