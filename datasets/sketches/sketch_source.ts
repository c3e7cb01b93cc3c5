/** Resolves what the user typed to drawings. */
import { dirname, join } from "node:path";
import type { SkippedFile } from "../../core/data.ts";
import { messageOf } from "../../core/text.ts";
import { folderSource } from "../sources/folder.ts";
import { npmPackageSource, packageFolder } from "../sources/npm_package.ts";
import { statSource } from "../sources/resolve_source.ts";
import { shortName, type Source, type SourceFile } from "../sources/source.ts";
import { zipSource } from "../sources/zip.ts";
import { type Drawing, DrawingError, SkipLog } from "../../core/sketches/drawing.ts";
import { readDrawings } from "../../core/sketches/read_drawings.ts";

/** All drawings of a source. */
export interface SketchSource {
  name: string;
  source: string;
  drawings: Drawing[];
  skipped: SkippedFile[];
  /** Whether the drawings were made on a grid, so that rotated copies would look unlike the set. */
  upright: boolean;
}

/** The name of the set that is shipped. */
const ICONS = "icons";
/** Larger files are not read into memory. */
const MAX_BYTES = 512 * 2 ** 20;
/** Limits on all drawings of a set: about 1.5 GB of memory. */
const MAX_LINES = 4_000_000, MAX_POINTS = 64_000_000;

/**
 * Reads all drawings of a source.
 * @param text "icons", "npm:PACKAGE", a file, or a folder or .zip of files, whose formats are
 * detected from the content
 * @param options.minParts drawings with fewer parts are skipped
 * @param options.unrecognized keeps drawings that Quick, Draw! did not recognize
 * @throws Error if there is no drawing
 * @throws RangeError if the drawings exceed the memory limits
 */
export async function readSketches(
  text: string,
  { minParts, unrecognized = false }: { minParts: number; unrecognized?: boolean },
): Promise<SketchSource> {
  const source = await resolveSketchSource(text);
  try {
    const skips = new SkipLog(), drawings: Drawing[] = [], expectRoom = roomFor(text);
    for (const { path, reason } of source.skipped) skips.add(path, reason);
    for (const file of source.files) {
      for (const drawing of await drawingsOf(file, skips, unrecognized)) {
        expectRoom(drawing);
        if (drawing.parts.length >= minParts) drawings.push(drawing);
        else skips.add(drawing.path, `fewer than ${minParts} parts`);
      }
    }
    const skipped = skips.list();
    if (drawings.length > 0) {
      return { name: source.name, source: text, drawings, skipped, upright: text === ICONS };
    }
    const listed = skipped.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`).join("; ");
    throw new Error(
      `Cannot use ${text}: expected sketches (.ndjson, .csv, .npz or .bin of Quick, Draw!, ` +
        `DoodlerGAN .json, .svg), ` +
        "received none" +
        (listed && `; left out: ${listed}`),
    );
  } finally {
    source.close();
  }
}

async function resolveSketchSource(text: string): Promise<Source> {
  if (text === ICONS) return await iconSource(text);
  if (text.startsWith("npm:")) return await npmPackageSource(text, foreignSketch);
  const stat = await statSource(text, "a .ndjson, .json or .svg file, or a folder of them");
  if (stat.isDirectory) return await folderSource(text, text, foreignSketch);
  if (await isZip(text)) return await zipSource(text, foreignSketch);
  const path = text.slice(dirname(text) === "." ? 0 : dirname(text).length).replace(/^[/\\]+/, "");
  const file: SourceFile = {
    path,
    bytes: stat.size,
    modified: stat.mtime?.getTime() ?? 0,
    label: "",
    group: path,
    read: () => Deno.readFile(text),
  };
  return { name: shortName(text), source: text, files: [file], skipped: [], close: () => {} };
}

/** Whether a file is a zip of files, rather than of NumPy arrays, whatever its name. */
async function isZip(path: string): Promise<boolean> {
  using file = await Deno.open(path);
  const head = new Uint8Array(512), length = await file.read(head) ?? 0;
  const text = new TextDecoder("latin1").decode(head.subarray(0, length));
  if (/\.zip$/i.test(path)) return true; // also one that is damaged: its reader says so
  return text.startsWith("PK\x03\x04") && !/^.{30,120}?\.npy/s.test(text);
}

/** Tabler's outline icons (MIT), without brands. */
async function iconSource(text: string): Promise<Source> {
  const root = join(await packageFolder("tabler-icons"), "icons", "outline");
  const source = await folderSource(root, text, foreignSketch);
  const files = source.files.filter(({ path }) => !path.startsWith("brand-"));
  return { ...source, name: "icons", files };
}

/** Decides by the name; the content of possible sketches is checked later. */
function foreignSketch(path: string): string | undefined {
  if (/\.(png|jpe?g|webp|gif|tiff?|avif|bmp)$/i.test(path)) {
    return "a picture: its lines can't be told apart";
  }
  return /\.(ndjson|jsonl|json|csv|svgz?|npz|npy|bin|gz|tfrecords?|parquet)$/i.test(path) ||
      !/\.[a-z0-9]{1,8}$/i.test(path)
    ? undefined
    : "not a sketch: expected .ndjson, .json, .csv, .svg, .npz or .bin";
}

async function drawingsOf(
  file: SourceFile,
  skips: SkipLog,
  unrecognized: boolean,
): Promise<Drawing[]> {
  try {
    if (file.bytes > MAX_BYTES) {
      throw new DrawingError("more than 512 MiB: split it, such as by its lines");
    }
    return await readDrawings(await file.read(), file.path, {
      label: file.label,
      skips,
      unrecognized,
    });
  } catch (error) {
    skips.add(
      file.path,
      error instanceof DrawingError ? error.message : `can't be read: ${messageOf(error)}`,
    );
    return [];
  }
}

/** Counts what is kept in memory. */
function roomFor(source: string): (drawing: Drawing) => void {
  let lines = 0, points = 0;
  return ({ path, parts }) => {
    for (const part of parts) {
      lines += part.lines.length;
      for (const line of part.lines) points += line.length / 2;
    }
    if (lines <= MAX_LINES && points <= MAX_POINTS) return;
    throw new RangeError(
      `Cannot use ${source}: expected drawings of at most ${MAX_LINES} strokes and ` +
        `${MAX_POINTS} points in all, ` +
        `received more by ${path}. Pass a part of them`,
    );
  };
}
