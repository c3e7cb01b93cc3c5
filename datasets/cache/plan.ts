/** The plan from which a cache is built, for both images and sketches. */
import type { DataKind, ImageChannels, SkippedFile } from "../../core/data.ts";
import type { CacheEntry } from "./index_file.ts";

/** An item to render. */
export interface PlanItem {
  path: string;
  label: string;
  group: string;
  split?: CacheEntry["split"];
  /**
   * Renders the item at each resolution.
   * @throws SkipError with the reason to skip it permanently, UnreadableError if a later attempt
   * may succeed
   */
  render(resolutions: readonly number[]): Promise<RenderedItem>;
}

/** What the index stores of an item besides its name. */
type Kept = "sha256" | "width" | "height" | "grey" | "opaque" | "notes" | "parts";

/** An item's rows: `pixels[i]` is uint8 [rows, resolution i, resolution i, channels]. */
export interface RenderedItem extends Pick<CacheEntry, Kept> {
  rows: number;
  pixels: Uint8Array[];
}

/** How a cache is built. */
export interface CachePlan {
  kind: DataKind;
  name: string;
  source: string;
  channels: ImageChannels;
  /** Everything that pixels depend on besides the source. */
  settings: Record<string, unknown>;
  filter: string;
  /** Notes of the source: how labels and parts were found. */
  notes?: readonly string[] | undefined;
  /** The source's revision, if it has one. */
  revision?: string | undefined;
  /** The files of the items, to detect changes without reading them. */
  files: readonly { path: string; bytes: number; modified: number }[];
  /**
   * Files skipped before rendering. They describe the source's present state, so they are not
   * stored.
   */
  skipped: readonly SkippedFile[];
  items(): PlanItem[];
}

/** A file that could not be read this time; its message is the reason. */
export class UnreadableError extends Error {
  override name = "UnreadableError";
}
