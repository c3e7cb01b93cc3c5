/** What `index.json` of a cache says: enough to open it, and to tell whether it still holds. */
import { join } from "node:path";
import * as v from "valibot";

/** Raised when a cache would be laid out or made in another way: older ones are built anew. */
export const CACHE_VERSION = 3;

/** Raised when all samples, their order or groups would differ; part of every data set's digest. */
export const DATA_VERSION = 1;

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const entrySchema = v.object({
  path: v.string(),
  /** Class name, "" where there is none. */
  label: v.string(),
  group: v.string(),
  /** The part that its owner has put it into. */
  split: v.optional(v.picklist(["train", "held-out"])),
  /** SHA-256 of the encoded file or drawing. */
  sha256: v.string(),
  /** Before fitting, px; 0 for drawings. */
  width: whole,
  height: whole,
  grey: v.optional(v.boolean()),
  /** Of images with opacity: whether it has no transparent pixel. */
  opaque: v.optional(v.boolean()),
  /** What was passed over in reading it, for people. */
  notes: v.optional(v.array(v.string())),
  /** Sketches: the label of each part in drawing order; each part has a row for each variant. */
  parts: v.optional(v.array(v.string())),
});

const leftOut = v.array(v.object({ path: v.string(), reason: v.string() }));

const indexSchema = v.object({
  version: v.literal(CACHE_VERSION),
  kind: v.picklist(["images", "sketches"]),
  name: v.string(),
  source: v.string(),
  /** Over the list of files, their sizes and times, and the settings. */
  quickDigest: v.string(),
  /** Over the content of all entries and the settings. */
  contentDigest: v.string(),
  settings: v.record(v.string(), v.unknown()),
  /** How labels and parts were found, for people; as the source is now, so no cache keeps them. */
  notes: v.optional(v.array(v.string())),
  filter: v.string(),
  sharp: v.string(),
  channels: v.picklist([1, 3, 4]),
  resolutions: v.array(whole), // ascending, px a side
  rows: whole, // squares in each file
  entries: v.array(entrySchema),
  /** What is no whole image; the source's own are not among them. */
  skipped: leftOut,
  /** What could not be read; another opening may find that it can. */
  unreadable: leftOut,
});

/** One image or sketch of a cache. */
export type CacheEntry = v.InferOutput<typeof entrySchema>;
/** The content of `index.json`. */
export type CacheIndex = v.InferOutput<typeof indexSchema>;

/** The file of one resolution: uint8 [rows, resolution, resolution, channels]. */
export function pixelPath(folder: string, resolution: number): string {
  return join(folder, `${resolution}px.u8`);
}

/**
 * Reads a cache's index and checks that its files are as long as it says.
 * @returns undefined where there is no cache, or one that is not whole
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
    return undefined; // missing or torn: it is built anew
  }
}
