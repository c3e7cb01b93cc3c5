/** The interface of image sources: a list of files to read, and of skipped ones. */
import type { SkippedFile } from "../../core/data.ts";
import { pictureFormat } from "../../core/images/mod.ts";

/** An image file of a source. */
export interface SourceFile {
  /**
   * Path inside the source with "/" between folders; unique, and determines the order of samples.
   */
  path: string;
  /** Size of the encoded file in bytes. */
  bytes: number;
  /** Modification time in ms since 1970; 0 if the file can't change. */
  modified: number;
  /** Samples of a group are held out together, so that variants of a picture do not leak. */
  group: string;
  /** Class name; "" if there is none. */
  label: string;
  /** The split to which it belongs, if the data's author defined one. */
  split?: "train" | "held-out";
  read(): Promise<Uint8Array>;
}

/** An opened source. */
export interface Source {
  /** Short, suitable as a folder name. */
  name: string;
  /** As the user gave it. */
  source: string;
  /**
   * Detects changes that files' sizes and times don't show, e.g. a package's version and folder.
   */
  revision?: string;
  /** Sorted by path. */
  files: SourceFile[];
  /** Files skipped before decoding. */
  skipped: SkippedFile[];
  /** How labels and splits were found if not by plain subfolders, for people. */
  notes?: string[];
  /** The file that should provide labels but can't, and why: what was expected and received. */
  noLabels?: { path: string; why: string };
  close(): void;
}

/** A file as found by a source, before labels are known. */
export type FoundFile = Omit<SourceFile, "label" | "group" | "split">;

/**
 * Decides whether a file is skipped.
 * @param path inside the source
 * @param head reads its first bytes, in case the name is not enough
 * @returns the reason to skip it; undefined to use it
 */
export type Foreign = (
  path: string,
  head: () => Promise<Uint8Array>,
) => string | undefined | Promise<string | undefined>;

/** Usual names of images; their content is checked when they are decoded. */
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|tiff?|avif|bmp)$/i;

/** Why a file is not an image, according to its first bytes unless its name is that of an image. */
export async function foreignReason(
  path: string,
  head: () => Promise<Uint8Array>,
): Promise<string | undefined> {
  if (IMAGE_NAME.test(path)) return undefined;
  const sniffed = pictureFormat(await head());
  return "reason" in sniffed ? sniffed.reason : undefined;
}

/** A short name suitable for a folder, from a path or a package's name. */
export function shortName(text: string): string {
  const last = text.replace(/[/\\]+$/, "").split(/[/\\]/).at(-1) ?? "";
  const name = last.replace(/\.(zip|ndjson|json)$/i, "").toLowerCase().replace(
    /[^a-z0-9._-]+/g,
    "-",
  );
  return name.replace(/^[-.]+|[-.]+$/g, "").slice(0, 40) || "data";
}
