/** A data set of images on top of its cache. */
import type {
  BatchLoader,
  Dataset,
  DatasetInfo,
  HostBatch,
  OpenOptions,
  PictureClasses,
} from "../../core/data.ts";
import { type Cache, digestOf } from "../cache/build.ts";
import { splitEntries } from "../split.ts";
import { checkOpen } from "./check_open.ts";
import { largeEnough } from "./large_enough.ts";
import { PixelFiles } from "./pixel_files.ts";
import { prefetch } from "./prefetch.ts";
import { SampleOrder } from "./sample_order.ts";
import { toFloat } from "./to_float.ts";

/**
 * @param maxResolution the largest requested side in px; the cache may contain larger ones
 * @param heldOut fraction of the samples that is held out
 * @param labels whether batches contain `labels`, if there are two classes or more
 * @param classes replace labels if these are not requested; ignored if they belong to other data
 * @param smallest skip images whose shorter side is smaller, px
 * @throws RangeError if that leaves none
 */
export function imageDataset(
  cache: Cache,
  options: {
    maxResolution: number;
    heldOut: number;
    labels: boolean;
    classes?: PictureClasses;
    smallest?: number;
  },
): Dataset {
  const { maxResolution, heldOut, labels: withLabels, smallest = 0 } = options;
  const { index } = cache, { entries, channels } = index;
  const [kept, small] = largeEnough(entries, smallest);
  const part = splitEntries(kept.map((i) => entries[i]!), heldOut); // kept are their indices
  const split = {
    train: part.train.map((i) => kept[i]!), // of kept, as the next
    heldOut: part.heldOut.map((i) => kept[i]!),
  };
  const names = [...new Set(kept.map((i) => entries[i]!.label))].sort();
  const byFolder = withLabels && names.length > 1;
  const isFewer = byFolder && small.length > 0 &&
    names.length < new Set(entries.map(({ label }) => label)).size;
  const digest = digestOf([
    index.contentDigest,
    heldOut,
    byFolder,
    ...(small.length > 0 ? [smallest] : []), // only if some images are skipped
    ...(isFewer ? [names] : []), // only if a class disappears, which changes numbers
  ]);
  const classes = !withLabels && options.classes?.of === digest ? options.classes : undefined;
  const sorted = classes && sortedSamples(classes, split);
  const labels = byFolder
    ? names.map((name) => name === "" ? "(none)" : name)
    : sorted?.labels ?? [];
  const numbers = new Map(names.map((name, i) => [name, i]));
  // every label has a number
  const classOf = sorted?.classOf ?? ((i: number) => numbers.get(entries[i]!.label)!);
  const info: DatasetInfo = {
    kind: "images",
    name: index.name,
    source: index.source,
    digest: classes ? digestOf([digest, classes]) : digest,
    count: split.train.length,
    heldOutCount: split.heldOut.length,
    channels,
    maxResolution,
    labels,
    ...(classes ? { classes } : {}),
    skipped: [...index.skipped, ...small],
    ...(index.notes ? { notes: index.notes } : {}),
  };
  const files = new PixelFiles(cache);

  const open = (options: OpenOptions): BatchLoader => {
    const { resolution, batchSize, cursor, seed, flip = false, shuffle = true } = options;
    const samples = options.split === "held-out" ? split.heldOut : split.train;
    checkOpen(options, samples.length, index.resolutions);
    const order = new SampleOrder(samples.length, seed, shuffle);
    const file = files.acquire(resolution);
    const size = resolution * resolution * channels, [from, to] = options.rows ?? [0, batchSize];

    const make = async (batch: number): Promise<HostBatch> => {
      const first = cursor + batch * batchSize;
      const draws = Array.from({ length: batchSize }, (_, i) => first + i);
      const chosen = draws.map((k) => samples[order.at(k)]!); // at() is below their number
      const rows = await file.read(chosen.slice(from, to)); // one row an entry
      const data = new Float32Array(batchSize * size);
      for (const [i, row] of rows.entries()) {
        toFloat(row, data, (from + i) * size, {
          resolution,
          channels,
          flip: flip && order.isFlipped(first + from + i),
        });
      }
      const images = { data, shape: [batchSize, resolution, resolution, channels] };
      if (labels.length === 0) return { images };
      const ofBatch = Int32Array.from(chosen, classOf);
      return { images, labels: { data: ofBatch, shape: [batchSize] } };
    };
    return prefetch(make, () => files.release(resolution));
  };
  return { info, open, close: () => files.close() };
}

/** Names of the classes, and the class of an entry. */
function sortedSamples(
  { train, heldOut }: PictureClasses,
  split: { train: readonly number[]; heldOut: readonly number[] },
): { labels: string[]; classOf: (entry: number) => number } {
  const numbers = [train, heldOut].flatMap((text) => text.split(" ").filter(Boolean).map(Number));
  const samples = [...split.train, ...split.heldOut];
  const ofEntry = new Map(samples.map((entry, i) => [entry, numbers[i]!])); // of this data
  const labels = Array.from({ length: Math.max(...numbers) + 1 }, (_, i) => String(i));
  return { labels, classOf: (entry) => ofEntry.get(entry)! }; // all samples are sorted
}
