/** What a cache is built from: the same for images and sketches. */
import type { DataKind, ImageChannels, SkippedFile } from "../../core/data.ts";
import type { CacheEntry } from "./index_file.ts";

/** One thing to render. */
export interface PlanItem {
  path: string;
  label: string;
  group: string;
  split?: CacheEntry["split"];
  /**
   * Renders it at each resolution.
   * @throws SkipError with the reason to leave it out for good, UnreadableError where another time
   * may do
   */
  render(resolutions: readonly number[]): Promise<RenderedItem>;
}

/** What the index keeps of an item beside its name. */
type Kept = "sha256" | "width" | "height" | "grey" | "opaque" | "notes" | "parts";

/** An item's rows: `pixels[i]` is uint8 [rows, resolution i, resolution i, channels]. */
export interface RenderedItem extends Pick<CacheEntry, Kept> {
  rows: number;
  pixels: Uint8Array[];
}

/** How to build a cache. */
export interface CachePlan {
  kind: DataKind;
  name: string;
  source: string;
  channels: ImageChannels;
  /** All that pixels depend on beside the source. */
  settings: Record<string, unknown>;
  filter: string;
  /** Of the source: how labels and parts were found. */
  notes?: readonly string[] | undefined;
  /** Of the source, where it has one. */
  revision?: string | undefined;
  /** The files behind the items, for telling a change without reading them. */
  files: readonly { path: string; bytes: number; modified: number }[];
  /** Left out before rendering: as the source is now, so no cache keeps them. */
  skipped: readonly SkippedFile[];
  /** Lists the items. */
  items(): PlanItem[];
}

/** A file that could not be read this time; its message is the reason. */
export class UnreadableError extends Error {
  override name = "UnreadableError";
}
