/** A data set of images over its cache. */
import type { BatchLoader, Dataset, DatasetInfo, HostBatch, OpenOptions } from "../../core/data.ts";
import { type Cache, digestOf } from "../cache/build.ts";
import { splitByGroup } from "../split.ts";
import { checkOpen } from "./check_open.ts";
import { PixelFiles } from "./pixel_files.ts";
import { prefetch } from "./prefetch.ts";
import { SampleOrder } from "./sample_order.ts";
import { toFloat } from "./to_float.ts";

/**
 * @param heldOut part of the samples
 * @param labels give `labels` in each batch, where there are two classes or more
 */
export function imageDataset(
  { folder, index }: Cache,
  { heldOut, labels: withLabels }: { heldOut: number; labels: boolean },
): Dataset {
  const { entries, channels } = index;
  const split = splitByGroup(entries.map((entry) => entry.group), heldOut);
  const names = [...new Set(entries.map((entry) => entry.label))].sort();
  const hasLabels = withLabels && names.length > 1;
  const labels = hasLabels ? names.map((name) => name === "" ? "(none)" : name) : [];
  const numbers = new Map(names.map((name, i) => [name, i]));
  const info: DatasetInfo = {
    kind: "images",
    name: index.name,
    source: index.source,
    digest: digestOf([index.contentDigest, heldOut, hasLabels]),
    count: split.train.length,
    heldOutCount: split.heldOut.length,
    channels,
    maxResolution: Math.max(...index.resolutions),
    labels,
    skipped: index.skipped,
  };
  const files = new PixelFiles(folder, channels);

  const open = (options: OpenOptions): BatchLoader => {
    const { resolution, batchSize, cursor, seed, flip = false, shuffle = true } = options;
    const samples = options.split === "held-out" ? split.heldOut : split.train;
    checkOpen(options, samples.length, index.resolutions);
    const order = new SampleOrder(samples.length, seed, shuffle);
    const file = files.acquire(resolution);
    const size = resolution * resolution * channels;

    const make = async (batch: number): Promise<HostBatch> => {
      const first = cursor + batch * batchSize;
      const draws = Array.from({ length: batchSize }, (_, i) => first + i);
      const chosen = draws.map((k) => samples[order.at(k)]!); // at() is below their number
      const rows = await file.read(chosen); // one row an entry
      const data = new Float32Array(batchSize * size);
      for (const [i, row] of rows.entries()) {
        toFloat(row, data, i * size, {
          resolution,
          channels,
          flip: flip && order.isFlipped(first + i),
        });
      }
      const images = { data, shape: [batchSize, resolution, resolution, channels] };
      if (!hasLabels) return { images };
      const classes = Int32Array.from(chosen, (i) => numbers.get(entries[i]!.label)!); // all are named
      return { images, labels: { data: classes, shape: [batchSize] } };
    };
    return prefetch(make, () => files.release(resolution));
  };
  return { info, open, close: () => files.close() };
}
