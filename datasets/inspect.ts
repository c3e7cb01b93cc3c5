/** Collects facts about a data set for people, as plain data. */
import type { DatasetInfo } from "../core/data.ts";
import type { CacheEntry } from "./cache/index_file.ts";
import { counted } from "../core/text.ts";
import type { DatasetOptions } from "./options.ts";
import { isLarge } from "./loader/is_large.ts";
import { type Prepared, prepareDataset } from "./open_dataset.ts";

/** A value and its number of occurrences. */
export interface Counted {
  name: string;
  count: number;
}

/** The result of {@linkcode inspectDataset}. */
export interface Inspection {
  info: DatasetInfo;
  /** Width × height before fitting, most frequent first; for sketches, the number of parts. */
  sizes: Counted[];
  /** Classes over all samples, most frequent first; empty if there is only one class. */
  labels: Counted[];
  /** Images smaller than the largest resolution, which were upsampled. */
  enlarged: number;
  /**
   * Greyscale images among coloured ones, from which a model learns that grey is a possible style.
   */
  grey: number;
  /**
   * How labels and parts were found, and what was ignored in reading files, most frequent first.
   */
  notes: Counted[];
  /** Reasons for skipped files, most frequent first; the files are in `info.skipped`. */
  reasons: Counted[];
  /** The cache of pixels; null for sketches and shards, whose batches are made without one. */
  cache:
    | { folder: string; resolutions: number[]; bytes: number; filter: string; sharp: string }
    | null;
}

/**
 * Opens a data set, building its cache if necessary, and counts its content.
 * @throws as {@linkcode openDataset}
 */
export async function inspectDataset(options: DatasetOptions): Promise<Inspection> {
  const prepared = await prepareDataset({ ...options, labels: true });
  const { info } = prepared.dataset;
  prepared.dataset.close();
  const entries = usedEntries(prepared, options);
  const { sizes, labels } = prepared.cache
    ? imageFacts(entries)
    : prepared.shards
    ? shardFacts(prepared.shards)
    : sketchFacts(prepared);
  return {
    info,
    sizes: occurrences(sizes),
    labels: info.labels.length > 1 ? occurrences(labels) : [],
    enlarged: enlargedCount(entries, options),
    grey: greyCount(entries, info),
    notes: [
      ...(info.notes ?? []).map((name) => ({ name, count: 1 })),
      ...occurrences(entries.flatMap(({ notes = [] }) => notes)),
    ],
    reasons: occurrences(info.skipped.map(({ reason, count }) => [reason, count])),
    cache: cacheFacts(prepared),
  };
}

/** The cache's entries without those that are skipped for their size. */
function usedEntries(
  { cache }: Prepared,
  { skipSmaller, maxResolution }: DatasetOptions,
): CacheEntry[] {
  const smallest = skipSmaller ? maxResolution : 0;
  return cache?.index.entries.filter((entry) => isLarge(entry, smallest)) ?? [];
}

function imageFacts(entries: readonly CacheEntry[]): { sizes: string[]; labels: string[] } {
  return {
    sizes: entries.map(({ width, height }) => `${width}×${height}`),
    labels: entries.map(({ label }) => label || "(none)"),
  };
}

/** Sizes are not known before pictures are decoded. */
function shardFacts(
  { labels }: NonNullable<Prepared["shards"]>,
): { sizes: string[]; labels: [string, number][] } {
  return { sizes: [], labels: labels.map(([name, count]) => [name || "(none)", count]) };
}

function sketchFacts({ sketches }: Prepared): { sizes: string[]; labels: string[] } {
  const drawings = sketches?.drawings ?? [];
  return {
    sizes: drawings.map(({ parts }) => counted(parts.length, "part")),
    labels: drawings.flatMap(({ parts }) => parts.map(({ label }) => label || "(none)")),
  };
}

/** Counts images whose relevant side is shorter than the largest resolution. */
function enlargedCount(
  entries: readonly CacheEntry[],
  { fit, maxResolution }: DatasetOptions,
): number {
  const side = fit === "contain" ? Math.max : Math.min;
  return entries.filter(({ width, height }) => side(width, height) < maxResolution).length;
}

function greyCount(entries: readonly CacheEntry[], { channels }: DatasetInfo): number {
  const grey = entries.filter((entry) => entry.grey).length;
  return channels === 3 && grey < entries.length ? grey : 0;
}

function cacheFacts({ cache }: Prepared): Inspection["cache"] {
  if (!cache) return null;
  const { folder, index: { resolutions, rows, channels, filter, sharp } } = cache;
  const bytes = resolutions.reduce((sum, side) => sum + rows * side ** 2 * channels, 0);
  return { folder, resolutions, bytes, filter, sharp };
}

/** Counts occurrences, most frequent first; a pair is a name and its weight. */
function occurrences(
  names: readonly (string | [name: string, count?: number | undefined])[],
): Counted[] {
  const counts = new Map<string, number>();
  for (const entry of names) {
    const [name, count = 1] = typeof entry === "string" ? [entry] : entry;
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  return [...counts].map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
