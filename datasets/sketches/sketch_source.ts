/** From what a person typed to drawings. */
import { dirname, join } from "node:path";
import type { SkippedFile } from "../../core/data.ts";
import { messageOf } from "../../core/text.ts";
import { folderSource } from "../sources/folder.ts";
import { npmPackageSource, packageFolder } from "../sources/npm_package.ts";
import { statSource } from "../sources/resolve_source.ts";
import { shortName, type Source, type SourceFile } from "../sources/source.ts";
import { zipSource } from "../sources/zip.ts";
import { type Drawing, DrawingError, SkipLog, TOO_SHORT } from "../../core/sketches/drawing.ts";
import { parseDoodler } from "../../core/sketches/parse_doodler.ts";
import { parseNdjson } from "../../core/sketches/parse_ndjson.ts";
import { parseSvg } from "../../core/sketches/parse_svg.ts";

/** All drawings of a source. */
export interface SketchSource {
  name: string;
  source: string;
  drawings: Drawing[];
  skipped: SkippedFile[];
  /** True of drawings made on a grid, whose turned copies would look like nothing in the set. */
  upright: boolean;
}

/** What a person types for the set that ships. */
const ICONS = "icons";
/** A larger file is not read into memory. */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * Reads every drawing of a source.
 * @param text "icons", "npm:PACKAGE", a .ndjson, .json or .svg file, a folder or .zip of them
 * @param minParts drawings with fewer are left out
 * @throws Error where nothing can be drawn
 */
export async function readSketches(text: string, minParts: number): Promise<SketchSource> {
  const source = await resolveSketchSource(text);
  try {
    const skips = new SkipLog(), drawings: Drawing[] = [];
    for (const { path, reason } of source.skipped) skips.add(path, reason);
    for (const file of source.files) {
      for (const drawing of await readDrawings(file, skips)) {
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
      `Cannot use ${text}: expected sketches (.ndjson, DoodlerGAN .json or .svg), received none` +
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
  if (/\.zip$/i.test(text)) return await zipSource(text, foreignSketch);
  const reason = foreignSketch(text);
  if (reason !== undefined) throw new TypeError(`Cannot read ${text} as sketches: ${reason}`);
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

/** Tabler's outline icons (MIT), without brands. */
async function iconSource(text: string): Promise<Source> {
  const root = join(await packageFolder("tabler-icons"), "icons", "outline");
  const source = await folderSource(root, text, foreignSketch);
  const files = source.files.filter(({ path }) => !path.startsWith("brand-"));
  return { ...source, name: "icons", files };
}

function foreignSketch(path: string): string | undefined {
  return /\.(ndjson|json|svg)$/i.test(path)
    ? undefined
    : "not a sketch: expected .ndjson, .json or .svg";
}

async function readDrawings(file: SourceFile, skips: SkipLog): Promise<Drawing[]> {
  try {
    if (file.bytes === 0) throw new DrawingError("empty file");
    if (file.bytes > MAX_BYTES) throw new DrawingError("more than 512 MiB");
    const text = new TextDecoder().decode(await file.read());
    if (/\.ndjson$/i.test(file.path)) return parseNdjson(text, file.path, skips);
    const onDot = () => skips.add(file.path, TOO_SHORT);
    if (/\.svg$/i.test(file.path)) return [parseSvg(text, file.path, { label: file.label, onDot })];
    return [parseDoodler(text, file.path, { onDot })];
  } catch (error) {
    skips.add(
      file.path,
      error instanceof DrawingError ? error.message : `can't be read: ${messageOf(error)}`,
    );
    return [];
  }
}
