/** What every kind of image source gives: a list of files to read, and what it left out. */
import type { SkippedFile } from "../../core/data.ts";

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
  read(): Promise<Uint8Array>;
}

/** An opened source. */
export interface Source {
  /** Short, fit for a folder name. */
  name: string;
  /** As the user gave it. */
  source: string;
  /** What tells a change that its files' sizes and times don't, e.g. a package's version and folder. */
  revision?: string;
  /** Sorted by path. */
  files: SourceFile[];
  /** Files that are left out before any of them is decoded. */
  skipped: SkippedFile[];
  close(): void;
}

/** A file as a source finds it, before labels are known. */
export type FoundFile = Omit<SourceFile, "label" | "group">;

/** Names of files that may be images; the content decides later. */
const IMAGE_NAME = /\.(png|jpe?g|webp|gif|tiff?|avif)$/i;

/**
 * Why a file's name says that it is no image, or undefined where it may be one.
 * @param path the file's path or name
 */
export function foreignReason(path: string): string | undefined {
  if (IMAGE_NAME.test(path)) return undefined;
  if (/\.zip$/i.test(path)) return "a zip inside the source: zips are not opened inside each other";
  if (/\.svg$/i.test(path)) return "an SVG: vector files are read as sketches only";
  return "not an image: expected png, jpg, webp, gif, tiff or avif";
}

/** Hidden files and what archivers leave behind: passed over without a word. */
export function isHidden(path: string): boolean {
  return path.split("/").some((part) => /^\.[^.]/.test(part) || part === "__MACOSX") ||
    /(^|\/)(thumbs\.db|desktop\.ini)$/i.test(path);
}

/**
 * Sorts files by path and adds labels and groups: the first folder below what all share is the label, a file
 * is its own group.
 */
export function labelByFolder(found: readonly FoundFile[]): SourceFile[] {
  const folders = found.map((file) => file.path.split("/").slice(0, -1));
  let shared = folders[0]?.length ?? 0;
  for (const folder of folders) {
    let same = 0;
    while (same < shared && folder[same] === folders[0]![same]) same++; // there is a first one
    shared = same;
  }
  return found
    .map((file, i) => ({ ...file, label: folders[i]![shared] ?? "", group: file.path })) // one folder a file
    .sort((a, b) => a.path < b.path ? -1 : a.path > b.path ? 1 : 0);
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
