/**
 * Creates batches from shards: the k-th sample of a seed does not depend on what was read before.
 */
import type { BatchLoader, HostBatch, OpenOptions, SkippedFile } from "../../core/data.ts";
import { prefetch } from "../loader/prefetch.ts";
import { isFlipped } from "../loader/sample_order.ts";
import { toFloat } from "../loader/to_float.ts";
import { type PicturePlace, PictureReader } from "./picture_reader.ts";

/** Where a loader reads from. */
export interface ShardLoaderPlace extends PicturePlace {
  /** Maps a picture's class in its shard to the data set's class; undefined: no labels. */
  classOf: ((shard: number, label: number) => number) | undefined;
  /** Called for each unusable picture, in the order in which batches are taken. */
  onSkipped(file: SkippedFile): void;
}

/** Number of prefetched batches: decoding takes longer than reading pixels. */
const DEPTH = 4;

/** Starts at a cursor without reading anything before it. */
export function shardLoader(options: OpenOptions, place: ShardLoaderPlace): BatchLoader {
  const { resolution, batchSize, cursor, seed, flip = false, shuffle = true } = options;
  const { how: { options: { channels } }, classOf, onSkipped } = place;
  const [from, to] = options.rows ?? [0, batchSize];
  const size = resolution * resolution * channels;
  const pictures = new PictureReader(options, place);
  const skippedOf = new WeakMap<HostBatch, SkippedFile[]>();

  const make = async (batch: number): Promise<HostBatch> => {
    const first = cursor + batch * batchSize + from;
    const found = await pictures.read(Array.from({ length: to - from }, (_, i) => first + i));
    const data = new Float32Array(batchSize * size);
    for (const [i, { pixels }] of found.entries()) {
      const isMirrored = flip && isFlipped(seed, first + i);
      toFloat(pixels, data, (from + i) * size, { resolution, channels, flip: isMirrored });
    }
    const made: HostBatch = {
      images: { data, shape: [batchSize, resolution, resolution, channels] },
    };
    if (classOf) {
      const classes = new Int32Array(batchSize);
      classes.set(found.map(({ shard, label }) => classOf(shard, label)), from);
      made.labels = { data: classes, shape: [batchSize] };
    }
    skippedOf.set(made, found.flatMap(({ skipped }) => skipped));
    return made;
  };
  return prefetch(make, () => pictures.close(), shuffle ? DEPTH : 2, (batch) => {
    for (const file of skippedOf.get(batch) ?? []) onSkipped(file);
  });
}
