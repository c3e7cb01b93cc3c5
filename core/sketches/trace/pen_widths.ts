/** Estimates the pen width of strokes from the ink across them. */
import { inkAt } from "./ink_at.ts";

/** Sampling step across a line in px. */
const STEP = 0.25;
/** Values below this are paper. */
const PAPER = -0.95;
/**
 * Strokes whose widths differ by less than this fraction, or half a pixel, were drawn with the same
 * pen.
 */
const SAME = 0.25;

/**
 * The pen width of each stroke: the ink across it, as the median along it. Strokes whose width
 * hardly differs from that of most of the length get that width.
 * @param strokes alternating x and y in px; a dot is a line of zero length
 * @param ink float32 [side, side] in [-1, 1]; ink is 1
 * @returns px, at least 1
 */
export function penWidths(
  strokes: readonly (readonly number[])[],
  { ink, side }: { ink: Float32Array; side: number },
): number[] {
  const found = strokes.map((points) => Math.max(1, widthAlong(points, ink, side)));
  const pens = found.map((width, i) => ({ width, share: 1 + lengthOf([strokes[i]!]) })) // as many
    .sort((a, b) => a.width - b.width);
  let left = pens.reduce((sum, { share }) => sum + share, 0) / 2;
  const usual = pens.find(({ share }) => (left -= share) <= 0)?.width ?? 1;
  return found.map((width) =>
    Math.abs(width - usual) <= Math.max(0.5, SAME * usual) ? usual : width
  );
}

/** The median of the ink across a stroke in px. */
function widthAlong(points: readonly number[], ink: Float32Array, side: number): number {
  const count = points.length / 2, widths: number[] = [];
  // skip the ends, where the pen is round
  for (let i = Math.min(2, (count - 1) >> 1); i <= Math.max(count - 3, count >> 1); i++) {
    const [before, after] = [Math.max(0, i - 2), Math.min(count - 1, i + 2)];
    const dx = points[2 * after]! - points[2 * before]!; // in range
    const dy = points[2 * after + 1]! - points[2 * before + 1]!;
    const length = Math.hypot(dx, dy), at = { x: points[2 * i]!, y: points[2 * i + 1]! };
    const directions = length > 0
      ? [[-dy / length, dx / length]] as const
      : [[1, 0], [0, 1]] as const;
    for (const [dx, dy] of directions) widths.push(inkAcross(ink, side, { ...at, dx, dy }));
  }
  return widths.sort((a, b) => a - b)[widths.length >> 1]!; // one at least
}

/** The ink on a line through a point, up to paper or another line beside it. */
function inkAcross(
  ink: Float32Array,
  side: number,
  { x, y, dx, dy }: { x: number; y: number; dx: number; dy: number },
): number {
  let sum = 0;
  for (const sign of [-STEP, STEP]) {
    let last = 1;
    for (let s = sign / 2; Math.abs(s) < side; s += sign) {
      const value = inkAt(ink, side, x + s * dx, y + s * dy);
      if (value <= PAPER || last < 0 && value > last) break;
      sum += (Math.min(1, value) + 1) / 2 * STEP;
      last = value;
    }
  }
  return sum;
}

/** Total length of all lines. */
export function lengthOf(lines: readonly (readonly number[])[]): number {
  let length = 0;
  for (const line of lines) {
    for (let i = 2; i < line.length; i += 2) {
      length += Math.hypot(line[i]! - line[i - 2]!, line[i + 1]! - line[i - 1]!); // x, y pairs
    }
  }
  return length;
}
