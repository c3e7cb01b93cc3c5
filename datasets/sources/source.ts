/** What every kind of image source gives: a list of files to read, and what it left out. */
import type { SkippedFile } from "../../core/data.ts";
import { pictureFormat } from "../../core/images/mod.ts";

/** One image file of a source. */
export interface SourceFile {
  /** Path inside the source with "/" between folders; unique, and the order of samples. */
  path: string;
  /** Size of the encoded file in bytes. */
  bytes: number;
  /** Time of the last change, ms since 1970; 0 where it can't change. */
  modified: number;
  /** Samples of one group are held out together, so that variants of one picture do not leak. */
  group: string;
  /** Class name; "" where there is none. */
  label: string;
  /** The part that it belongs to, where its owner has split the data. */
  split?: "train" | "held-out";
  read(): Promise<Uint8Array>;
}

/** An opened source. */
export interface Source {
  /** Short, fit for a folder name. */
  name: string;
  /** As the user gave it. */
  source: string;
  /**
   * What tells a change that its files' sizes and times don't, e.g. a package's version and folder.
   */
  revision?: string;
  /** Sorted by path. */
  files: SourceFile[];
  /** Files that are left out before any of them is decoded. */
  skipped: SkippedFile[];
  /** How labels and parts were found, where not by plain subfolders; for people. */
  notes?: string[];
  /** The file that should give labels and can't, and why: what was expected, what received. */
  noLabels?: { path: string; why: string };
  close(): void;
}

/** A file as a source finds it, before labels are known. */
export type FoundFile = Omit<SourceFile, "label" | "group" | "split">;

/**
 * Says why a file is left out, or nothing to take it.
 * @param path inside the source
 * @param head reads its first bytes, where the name is not enough
 */
export type Foreign = (
  path: string,
  head: () => Promise<Uint8Array>,
) => string | undefined | Promise<string | undefined>;

/** Usual names of images: what they hold is found out when they are decoded. */
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|tiff?|avif|bmp)$/i;

/** Why a file is no image, told by its first bytes where its name is not that of one. */
export async function foreignReason(
  path: string,
  head: () => Promise<Uint8Array>,
): Promise<string | undefined> {
  if (IMAGE_NAME.test(path)) return undefined;
  const sniffed = pictureFormat(await head());
  return "reason" in sniffed ? sniffed.reason : undefined;
}

/** A short name fit for a folder, from a path or a package's name. */
export function shortName(text: string): string {
  const last = text.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(/\.(zip|ndjson|json)$/i, "").toLowerCase().replace(
    /[^a-z0-9._-]+/g,
    "-",
  );
  return name.replace(/^[-.]+|[-.]+$/g, "").slice(0, 40) || "data";
}
