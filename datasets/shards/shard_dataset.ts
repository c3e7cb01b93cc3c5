/** A data set of images in shards: nothing is prepared, pictures are decoded as they are drawn. */
import { isNeutral, type SquareOptions } from "../../core/images/mod.ts";
import type {
  BatchLoader,
  Dataset,
  DatasetInfo,
  OpenOptions,
  SkippedFile,
} from "../../core/data.ts";
import { digestOf } from "../cache/build.ts";
import { checkOpen } from "../loader/check_open.ts";
import type { DecodedPlace } from "./decoded/decoded_cache.ts";
import { DecodePool } from "./decode/decode_pool.ts";
import type { WindowLimits } from "./order/windows.ts";
import { shardLoader } from "./shard_loader.ts";
import type { ShardSet } from "./shard_set.ts";
import { splitShards } from "./shard_split.ts";

/** Incremented when the order or the pixels of samples change; part of every digest. */
const SHARDS_VERSION = 1;

/** Options of {@linkcode shardDataset}. */
export interface ShardDatasetOptions extends SquareOptions {
  /** Sides in px that may be opened, ascending. */
  resolutions: readonly number[];
  heldOut: number;
  labels: boolean;
  /** Pictures whose shorter side is smaller are skipped, px. Default 0. */
  smallest?: number;
  /** Called once for each unusable picture, when it is drawn. */
  onSkipped?: (file: SkippedFile) => void;
  /** Where decoded pictures are cached. Default: nowhere. */
  decoded?: DecodedPlace | undefined;
  /** For tests. */
  limits?: WindowLimits;
}

/** A data set, and statistics of its content. */
export interface ShardDataset {
  dataset: Dataset;
  /** Class names of all pictures with their counts, sorted by name. */
  labels: [name: string, count: number][];
}

/** @throws Error if the shards contain no picture, or labels that are not classes */
export async function shardDataset(
  set: ShardSet,
  options: ShardDatasetOptions,
): Promise<ShardDataset> {
  const { fit, background, channels, resolutions, heldOut, smallest = 0, decoded, limits } =
    options;
  const total = set.shards.reduce((sum, { summary }) => sum + summary.count, 0);
  const skipped = set.shards.flatMap(({ summary }) => summary.skipped);
  if (total === 0) throw empty(set, skipped);
  const classes = classesOf(set, options.labels), names = [...classes.keys()];
  const hasLabels = options.labels && names.length > 1;
  const split = await splitShards(set, heldOut);
  const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);
  const info: DatasetInfo = {
    kind: "images",
    name: set.name,
    source: set.source,
    digest: digestOf([
      SHARDS_VERSION,
      { fit, background, channels, ...(isNeutral(background) ? {} : { behindGrey: "colour" }) },
      set.shards.map(({ name, summary }) => [name, summary.digest]),
      ...[heldOut, hasLabels, smallest],
    ]),
    count: sum(split.train),
    heldOutCount: sum(split.heldOut),
    channels,
    maxResolution: Math.max(...resolutions),
    labels: hasLabels ? names.map((name) => name === "" ? "(none)" : name) : [],
    skipped,
    ...(split.note === "" ? {} : { notes: [split.note] }),
  };
  const numbers = new Map(names.map((name, i) => [name, i]));
  const classOf = (shard: number, label: number) => {
    const [name] = set.shards[shard]!.summary.labels[label]!; // both are valid indices
    return numbers.get(name)!; // every label has a number
  };
  const pool = new DecodePool(), told = new Set<string>();
  const place = {
    ...{ set, split, pool, decoded, limits },
    how: { options: { fit, background, channels }, smallest },
    classOf: hasLabels ? classOf : undefined,
    onSkipped: (file: SkippedFile) => {
      if (told.has(file.path)) return;
      if (told.size < MAX_REPORTED) told.add(file.path);
      options.onSkipped?.(file);
    },
  };
  const open = (asked: OpenOptions): BatchLoader => {
    checkOpen(asked, asked.split === "held-out" ? info.heldOutCount : info.count, resolutions);
    return shardLoader(asked, place);
  };
  const dataset: Dataset = {
    info,
    open,
    close: () => { // loaders can't decode any more
      pool.close();
      set.close();
    },
  };
  return {
    dataset,
    labels: names.map((name) => [name, classes.get(name)!]), // their own
  };
}

/** Most unusable pictures that are remembered, so that each is reported only once. */
const MAX_REPORTED = 100_000;

/** With more distinct labels than this, they are not classes. */
const MAX_CLASSES = 10_000;

/** Class names with numbers of pictures; numeric names first, by value. */
function classesOf({ shards, source }: ShardSet, isWanted: boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { summary } of shards) {
    for (const [name, count] of summary.labels) {
      counts.set(name, (counts.get(name) ?? 0) + count);
      if (counts.size > MAX_CLASSES && isWanted) {
        throw new RangeError(
          `Cannot use the labels of ${source}: expected at most ${MAX_CLASSES} classes, received ` +
            "more. Train without labels",
        );
      }
    }
  }
  const isNumber = (name: string) => /^\d+$/.test(name);
  return new Map([...counts].sort(([a], [b]) => {
    if (isNumber(a) && isNumber(b) && Number(a) !== Number(b)) return Number(a) - Number(b);
    return a < b ? -1 : 1;
  }));
}

function empty({ source }: ShardSet, skipped: readonly SkippedFile[]): Error {
  const [first] = skipped;
  return new Error(
    `Cannot use ${source}: expected pictures, received none` +
      (first ? `; first left out: ${first.path} (${first.reason})` : ". The shards are empty"),
  );
}
