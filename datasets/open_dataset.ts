/** The entry point: a source, its cache, and loaders for it. */
import { join, resolve } from "node:path";
import { ConfigError } from "../core/config/config_layer.ts";
import type { Dataset } from "../core/data.ts";
import { type Cache, openCache } from "./cache/build.ts";
import { imagePlan } from "./cache/image_plan.ts";
import { defaultCacheDir } from "./cache/location.ts";
import { imageDataset } from "./loader/image_dataset.ts";
import { checkOptions, type DatasetOptions } from "./options.ts";
import { sketchDataset } from "./sketches/sketch_dataset.ts";
import { photoDataset } from "./photos/photo_dataset.ts";
import { photoPlan } from "./photos/photo_plan.ts";
import { isShards } from "./shards/read/addresses.ts";
import { type ShardDataset, shardDataset } from "./shards/shard_dataset.ts";
import { openShardSet } from "./shards/shard_set.ts";
import { readSketches, type SketchSource } from "./sketches/sketch_source.ts";
import { resolveImageSource } from "./sources/resolve_source.ts";
import type { Source } from "./sources/source.ts";

/** A data set with what it was made from. */
export interface Prepared {
  dataset: Dataset;
  cache?: Cache;
  /** For sketches: their source. */
  sketches?: SketchSource;
  /** For shards: how they are split, and their classes. */
  shards?: Omit<ShardDataset, "dataset">;
}

/**
 * Opens a data set: finds the source, builds its cache if necessary, and splits it.
 * @returns ready for `open`; close it when done
 * @throws Error that says what is missing and what to do
 */
export async function openDataset(options: DatasetOptions): Promise<Dataset> {
  return (await prepareDataset(options)).dataset;
}

/** Like {@linkcode openDataset}, but also returns what inspection needs. */
export async function prepareDataset(options: DatasetOptions): Promise<Prepared> {
  const checked = checkOptions(options);
  const { minResolution, maxResolution, onProgress } = checked;
  const resolutions = powersOfTwo(minResolution, maxResolution);
  if (checked.shardCache > 0 && !isShards(options.source)) {
    throw new ConfigError(
      `Cannot use --shard-cache ${checked.shardCache}: expected shards, received ` +
        `${options.source ?? "no --data"}, of which all is prepared once. Leave it out`,
    );
  }
  if (checked.kind === "sketches") {
    const text = options.source ?? "icons";
    const { minParts = text === "icons" ? 3 : 2, unrecognized = false } = checked.sketches;
    const sketches = await readSketches(text, { minParts, unrecognized });
    return { dataset: sketchDataset(sketches, { ...checked, resolutions }), sketches };
  }
  const cacheDir = resolve(options.cacheDir ?? defaultCacheDir());
  if (isShards(options.source)) {
    if (checked.crops) {
      throw new ConfigError(
        `Cannot read ${options.source}: expected a folder or a .zip of whole pictures to crop, ` +
          "received shards. Unpack them, or take a preset without crops",
      );
    }
    const set = await openShardSet(options.source, cacheDir, onProgress);
    const smallest = checked.skipSmaller ? maxResolution : 0;
    const { shardCache, onWarning } = checked, told = new Set<string>();
    const place = {
      folder: join(cacheDir, "shards", "decoded"),
      budget: shardCache * 2 ** 30,
      onWarning: (message: string) => {
        if (!told.has(message)) onWarning(message);
        told.add(message);
      },
    };
    const decoded = shardCache > 0 ? place : undefined;
    const how = { ...checked, ...{ resolutions, smallest, decoded } };
    const { dataset, ...shards } = await shardDataset(set, how).catch((error) => {
      set.close();
      throw error;
    });
    return { dataset, shards };
  }
  const source = await resolveImageSource(options.source ?? "emoji");
  try {
    if (options.labels === "required") expectLabels(source);
    if (checked.crops) {
      const cache = await openCache(photoPlan(source, checked), cacheDir, [1], onProgress);
      return { dataset: photoDataset(cache, { ...checked, resolutions }), cache };
    }
    const cache = await openCache(imagePlan(source, checked), cacheDir, resolutions, onProgress);
    if (checked.channels === 4) expectTransparent(cache);
    return {
      dataset: imageDataset(cache, {
        ...checked,
        ...(options.classes ? { classes: options.classes } : {}),
        smallest: checked.skipSmaller ? maxResolution : 0,
      }),
      cache,
    };
  } finally {
    source.close();
  }
}

/** @throws ConfigError if a dataset.json prevents the use of labels */
function expectLabels({ source, noLabels }: Source): void {
  if (!noLabels) return;
  throw new ConfigError(
    `Cannot use the labels of ${join(source, noLabels.path)}: expected ${noLabels.why}. Leave ` +
      "--labels out, or take that file away, so that folders are the classes",
  );
}

/** @throws ConfigError if transparency is requested but no picture has a transparent pixel */
function expectTransparent({ index: { entries } }: Cache): void {
  if (entries.some(({ opaque }) => !opaque)) return;
  throw new ConfigError(
    `Cannot use --transparent: expected pictures with transparent pixels, received ` +
      `${entries.length} that have none. Leave it out; where the run of --from is transparent, ` +
      `give --no-transparent`,
  );
}

/** All powers of two from `first` to `last`. */
export function powersOfTwo(first: number, last: number): number[] {
  const all: number[] = [];
  for (let resolution = first; resolution <= last; resolution *= 2) all.push(resolution);
  return all;
}
