/** The position of a part in its drawing, and the square in which it is drawn. */
import type { Polyline } from "./drawing.ts";
import { IDENTITY, type Matrix } from "./rasterize.ts";

/** The bounding box of a part in the drawing's unit square: its centre and its size. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** A square region of the drawing, in units of the drawing's side. */
export interface Frame {
  left: number;
  top: number;
  side: number;
}

/** Smallest width and height of a box, so that dots and straight lines have a logarithm, too. */
export const LEAST_BOX = 1 / 64;
/**
 * The longer side of a box relative to its frame's side; the margin shows what the part connects
 * to.
 */
export const BOX_SHARE = 0.75;
/** Smallest side of a frame: anything smaller is hardly more than a dot. */
export const LEAST_FRAME = 1 / 8;

/**
 * The bounding box of lines.
 * @param matrix applied to the lines first
 * @throws RangeError if there is no point
 */
export function boxOf(lines: readonly Polyline[], matrix: Matrix = IDENTITY): Box {
  const [a, b, c, d, e, f] = matrix;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i]!, y = line[i + 1]!; // x, y pairs
      const u = a * x + c * y + e, v = b * x + d * y + f;
      [left, right] = [Math.min(left, u), Math.max(right, u)];
      [top, bottom] = [Math.min(top, v), Math.max(bottom, v)];
    }
  }
  if (!(right >= left)) {
    throw new RangeError("Cannot find a box: expected lines with points, received none");
  }
  const size = (extent: number) => Math.max(LEAST_BOX, extent);
  return [(left + right) / 2, (top + bottom) / 2, size(right - left), size(bottom - top)];
}

/** The square around a box in which its part is drawn; it may extend beyond the drawing. */
export function frameOf([x, y, width, height]: Box): Frame {
  const side = Math.max(LEAST_FRAME, Math.max(width, height) / BOX_SHARE);
  return { left: x - side / 2, top: y - side / 2, side };
}

/**
 * The transformation from the drawing to a frame's own unit square, after `matrix`.
 * @see pasteLines for the inverse
 */
export function cropMatrix({ left, top, side }: Frame, matrix: Matrix = IDENTITY): Matrix {
  const [a, b, c, d, e, f] = matrix, scale = 1 / side;
  return [a * scale, b * scale, c * scale, d * scale, (e - left) * scale, (f - top) * scale];
}

/** Transforms lines from a frame's own unit square back to the drawing. */
export function pasteLines(lines: readonly Polyline[], { left, top, side }: Frame): Polyline[] {
  return lines.map((line) =>
    Float32Array.from(line, (value, i) => (i % 2 === 0 ? left : top) + value * side)
  );
}
