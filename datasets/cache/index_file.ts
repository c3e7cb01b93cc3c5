/** The `index.json` of a cache: enough to open it, and to decide whether it is still valid. */
import { join } from "node:path";
import * as v from "valibot";

/** Incremented when the layout or the rendering of a cache changes: older caches are rebuilt. */
export const CACHE_VERSION = 3;

/** Incremented when samples, their order or groups change; part of every data set's digest. */
export const DATA_VERSION = 1;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const entrySchema = v.object({
  path: v.string(),
  /** Class name, "" if there is none. */
  label: v.string(),
  group: v.string(),
  /** The split that the data set's author assigned. */
  split: v.optional(v.picklist(["train", "held-out"])),
  /** SHA-256 of the encoded file or drawing. */
  sha256: v.string(),
  /** In px, before fitting; 0 for drawings. */
  width: whole,
  height: whole,
  grey: v.optional(v.boolean()),
  /** For images with alpha: whether no pixel is transparent. */
  opaque: v.optional(v.boolean()),
  /** What was ignored in reading it, for people. */
  notes: v.optional(v.array(v.string())),
  /** For sketches: the label of each part in drawing order; each part has a row per variant. */
  parts: v.optional(v.array(v.string())),
});

const leftOut = v.array(v.object({ path: v.string(), reason: v.string() }));

const indexSchema = v.object({
  version: v.literal(CACHE_VERSION),
  kind: v.picklist(["images", "sketches"]),
  name: v.string(),
  source: v.string(),
  /** Digest of the list of files with sizes and times, and of the settings. */
  quickDigest: v.string(),
  /** Digest of the content of all entries and of the settings. */
  contentDigest: v.string(),
  settings: v.record(v.string(), v.unknown()),
  /**
   * How labels and parts were found, for people. They describe the source's present state, so they
   * are not stored.
   */
  notes: v.optional(v.array(v.string())),
  filter: v.string(),
  sharp: v.string(),
  channels: v.picklist([1, 3, 4]),
  resolutions: v.array(whole), // ascending, px a side
  rows: whole, // squares in each file
  entries: v.array(entrySchema),
  /** What is not a complete image; items that the source itself skips are not included. */
  skipped: leftOut,
  /** What could not be read; a later attempt may succeed. */
  unreadable: leftOut,
});

/** An image or sketch of a cache. */
export type CacheEntry = v.InferOutput<typeof entrySchema>;
/** The content of `index.json`. */
export type CacheIndex = v.InferOutput<typeof indexSchema>;

/** The file of one resolution: uint8 [rows, resolution, resolution, channels]. */
export function pixelPath(folder: string, resolution: number): string {
  return join(folder, `${resolution}px.u8`);
}

/**
 * Reads a cache's index and checks that its files have the expected sizes.
 * @returns undefined if there is no cache, or if it is incomplete
 */
export async function readIndex(folder: string): Promise<CacheIndex | undefined> {
  try {
    const text = await Deno.readTextFile(join(folder, "index.json"));
    const index = v.parse(indexSchema, JSON.parse(text));
    for (const resolution of index.resolutions) {
      const { size } = await Deno.stat(pixelPath(folder, resolution));
      if (size !== index.rows * resolution ** 2 * index.channels) return undefined;
    }
    return index;
  } catch (error) {
    if (error instanceof Deno.errors.PermissionDenied) throw error;
    return undefined; // missing or damaged: it is rebuilt
  }
}
