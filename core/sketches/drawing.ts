/** Vector sketches: parts made of lines, in a unit square. */
import type { SkippedFile } from "../data.ts";

/** A polyline: alternating x and y, 0 … 1 from the left and from the top. */
export type Polyline = Float32Array;

/** A part that is drawn at once: a stroke, the strokes of one label, or an SVG element. */
export interface SketchPart {
  /** Class name; "" if there is none. */
  label: string;
  lines: Polyline[];
}

/** A sketch. */
export interface Drawing {
  /** File and position in it, e.g. "face.ndjson:12". */
  path: string;
  group: string;
  /** In drawing order. */
  parts: SketchPart[];
  /** Whether the order of parts is the order in which they were drawn. */
  ordered: boolean;
  /** Whether the data says that the last part completes the others, which makes one pair. */
  onlyLast?: boolean;
}

/** A file or line that is not a drawing; its message is the reason. */
export class DrawingError extends Error {
  override name = "DrawingError";
}

/** Why a stroke is dropped from its drawing. */
export const TOO_SHORT = "a stroke of fewer than two points";

/** No hand-drawn sketch has more points. */
export const MAX_POINTS = 20_000;

/** Most parts of a drawing; each gives a pair. */
export const MAX_PARTS = 512;

/**
 * Asserts that a drawing does not have too many parts.
 * @throws DrawingError if it has
 */
export function expectFewParts({ length }: { readonly length: number }): void {
  if (length > MAX_PARTS) throw new DrawingError(`more than ${MAX_PARTS} parts`);
}

/**
 * Margin around a drawing that is fitted by its bounding box, relative to the side: it leaves room
 * for rotations and line caps.
 */
const MARGIN = 0.1;

/**
 * Scales lines by their common bounding box to the unit square, centred, with a margin.
 * @throws DrawingError if they have no extent, or one that is not finite
 */
export function fitToSquare(lines: readonly Polyline[]): void {
  expectFinite(lines);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      [left, right] = [Math.min(left, line[i]!), Math.max(right, line[i]!)]; // x, y pairs
      [top, bottom] = [Math.min(top, line[i + 1]!), Math.max(bottom, line[i + 1]!)];
    }
  }
  const size = Math.max(right - left, bottom - top);
  if (!(size > 0)) throw new DrawingError("a drawing without extent");
  place(lines, { left: (left + right - size) / 2, top: (top + bottom - size) / 2, size });
}

/**
 * Asserts that coordinates are finite as float32, which float64 values in a file need not be.
 * @throws DrawingError if one is not
 */
export function expectFinite(lines: readonly Polyline[]): void {
  if (lines.every((line) => line.every(Number.isFinite))) return;
  throw new DrawingError("coordinates that are not numbers, or too large");
}

/** Maps a square in the drawing's own units to the unit square with the margin. */
function place(lines: readonly Polyline[], box: { left: number; top: number; size: number }): void {
  const scale = (1 - 2 * MARGIN) / box.size;
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      line[i] = MARGIN + (line[i]! - box.left) * scale;
      line[i + 1] = MARGIN + (line[i + 1]! - box.top) * scale;
    }
  }
}

/** Collects skipped items by reason: lists the first few, and counts the rest. */
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
