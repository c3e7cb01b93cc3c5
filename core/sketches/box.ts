/** Where a part lies in its drawing, and the square in which it is drawn. */
import type { Polyline } from "./drawing.ts";
import { IDENTITY, type Matrix } from "./rasterize.ts";

/** The bounding box of a part, in the drawing's unit square: its centre and its size. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** A square of the drawing, in units of the drawing's side. */
export interface Frame {
  left: number;
  top: number;
  side: number;
}

/** Boxes are at least so wide and high: a dot, and a level line, have a logarithm, too. */
export const LEAST_BOX = 1 / 64;
/** The longer side of a box, as a part of its frame's side: around it lies what it joins. */
export const BOX_SHARE = 0.75;
/** Least side of a frame: what is smaller than this is hardly more than a dot. */
export const LEAST_FRAME = 1 / 8;

/**
 * The bounding box of lines.
 * @param matrix is applied to them first
 * @throws RangeError where there is no point
 */
export function boxOf(lines: readonly Polyline[], matrix: Matrix = IDENTITY): Box {
  const [a, b, c, d, e, f] = matrix;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i]!, y = line[i + 1]!; // pairs
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

/** The square around a box in which its part is drawn; it may reach beyond the drawing. */
export function frameOf([x, y, width, height]: Box): Frame {
  const side = Math.max(LEAST_FRAME, Math.max(width, height) / BOX_SHARE);
  return { left: x - side / 2, top: y - side / 2, side };
}

/**
 * The map from the drawing to a frame's own unit square, after `matrix`.
 * @see pasteLines for the way back
 */
export function cropMatrix({ left, top, side }: Frame, matrix: Matrix = IDENTITY): Matrix {
  const [a, b, c, d, e, f] = matrix, scale = 1 / side;
  return [a * scale, b * scale, c * scale, d * scale, (e - left) * scale, (f - top) * scale];
}

/** Lines of a frame's own unit square where they lie in the drawing. */
export function pasteLines(lines: readonly Polyline[], { left, top, side }: Frame): Polyline[] {
  return lines.map((line) =>
    Float32Array.from(line, (value, i) => (i % 2 === 0 ? left : top) + value * side)
  );
}
