/** A sketch as vectors: parts made of lines, in a unit square. */
import type { SkippedFile } from "../data.ts";

/** One stroke: x and y by turns, 0 … 1 from the left and from the top. */
export type Polyline = Float32Array;

/** What is drawn at once: a stroke, the strokes of one label, or an SVG element. */
export interface SketchPart {
  /** Class name; "" where there is none. */
  label: string;
  lines: Polyline[];
}

/** A sketch. */
export interface Drawing {
  /** File and place in it, e.g. "face.ndjson:12". */
  path: string;
  group: string;
  /** In drawing order. */
  parts: SketchPart[];
  /** Whether the order of parts is that of drawing. */
  ordered: boolean;
  /** True where the data itself says that the last part belongs to the others: one pair. */
  onlyLast?: boolean;
}

/** A file or line that is not a drawing; its message is the reason. */
export class DrawingError extends Error {
  override name = "DrawingError";
}

/** Why a stroke is left out of its drawing. */
export const TOO_SHORT = "a stroke of fewer than two points";

/** No drawing by hand has more. */
export const MAX_POINTS = 20_000;

/** Of one drawing: each gives a pair. */
export const MAX_PARTS = 512;

/**
 * Asserts that a drawing's parts are not too many.
 * @throws DrawingError where they are
 */
export function expectFewParts({ length }: { readonly length: number }): void {
  if (length > MAX_PARTS) throw new DrawingError(`more than ${MAX_PARTS} parts`);
}

/**
 * Room around a drawing that is fitted by its box, as a part of the side: for turns and line ends.
 */
const MARGIN = 0.1;

/**
 * Scales lines about their common box to the unit square, in the middle, with a margin.
 * @throws DrawingError where they have no extent, or one that is not finite
 */
export function fitToSquare(lines: readonly Polyline[]): void {
  expectFinite(lines);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      [left, right] = [Math.min(left, line[i]!), Math.max(right, line[i]!)]; // pairs
      [top, bottom] = [Math.min(top, line[i + 1]!), Math.max(bottom, line[i + 1]!)];
    }
  }
  const size = Math.max(right - left, bottom - top);
  if (!(size > 0)) throw new DrawingError("a drawing without extent");
  place(lines, { left: (left + right - size) / 2, top: (top + bottom - size) / 2, size });
}

/**
 * Asserts that coordinates are within float32, as those of a file, which are float64, need not be.
 * @throws DrawingError where one is not
 */
export function expectFinite(lines: readonly Polyline[]): void {
  if (lines.every((line) => line.every(Number.isFinite))) return;
  throw new DrawingError("coordinates that are no numbers, or too large");
}

/** Maps a square of the drawing's own units to the unit square with the margin. */
function place(lines: readonly Polyline[], box: { left: number; top: number; size: number }): void {
  const scale = (1 - 2 * MARGIN) / box.size;
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      line[i] = MARGIN + (line[i]! - box.left) * scale;
      line[i + 1] = MARGIN + (line[i + 1]! - box.top) * scale;
    }
  }
}

/** Left-out things by reason: the first few by name, the rest as a number. */
export class SkipLog {
  #byReason = new Map<string, { paths: string[]; more: number; last: string }>();

  add(path: string, reason: string): void {
    let entry = this.#byReason.get(reason);
    if (!entry) this.#byReason.set(reason, entry = { paths: [], more: 0, last: path });
    if (entry.paths.length < 20) entry.paths.push(path);
    else [entry.more, entry.last] = [entry.more + 1, path];
  }

  list(): SkippedFile[] {
    return [...this.#byReason].flatMap(([reason, { paths, more, last }]) => [
      ...paths.map((path) => ({ path, reason })),
      ...(more > 0 ? [{ path: `${more} more, the last ${last}`, reason, count: more }] : []),
    ]);
  }
}
