/** Extends the free ends of a stroke to the end of the ink. */
import { inkAt } from "./ink_at.ts";
import { reversed } from "./join_edges.ts";

/** Sampling step along a line in px. */
const STEP = 0.25;

/**
 * Thinning shortens the ends of wide lines by about half a line width, but not those of thin ones,
 * and leaves the last pixels off centre. So each end of an open stroke is cut back a little, and
 * then extended in the stroke's direction until a round pen cap there reaches the outline of the
 * ink; by at most a pen width beyond the old end, because ink further away belongs to another line.
 * @param points alternating x and y in px; a closed stroke is unchanged
 * @param ink float32 [side, side] in [-1, 1]; ink is 1, and the outline is at 0
 * @param width of the pen in px
 */
export function extendEnds(
  points: number[],
  { ink, side, width }: { ink: Float32Array; side: number; width: number },
): number[] {
  const isInk = (x: number, y: number) => inkAt(ink, side, x, y) >= 0;
  /** The points with an extended start. */
  const extendStart = (points: number[]): number[] => {
    const inside = indexBeyond(points, 1), kept = points.slice(inside);
    const [x, y] = [kept[0]!, kept[1]!], { dx, dy } = directionToStart(kept, 2 + width);
    if (dx === 0 && dy === 0) return points;
    const most = 1.5 * width + Math.hypot(points[0]! - x, points[1]! - y);
    let far = 0;
    while (far < most && isInk(x + dx * (far + STEP), y + dy * (far + STEP))) far += STEP;
    const by = far - width / 2;
    return by > 0 ? [x + dx * by, y + dy * by, ...kept] : kept;
  };
  const last = points.length - 2;
  const isClosed = points[0] === points[last] && points[1] === points[last + 1];
  if (points.length < 4 || isClosed) return points;
  return reversed(extendStart(reversed(extendStart(points))));
}

/**
 * The index of the first point at least `reach` px from the start; the second to last point if
 * there is none.
 */
function indexBeyond(points: readonly number[], reach: number): number {
  let at = 0;
  while (
    at < points.length - 4 &&
    Math.hypot(points[at]! - points[0]!, points[at + 1]! - points[1]!) < reach
  ) at += 2;
  return at;
}

/**
 * The unit vector from a point `reach` px along a line to its start; 0 for a line of zero length.
 */
function directionToStart(points: readonly number[], reach: number): { dx: number; dy: number } {
  const [x, y] = [points[0]!, points[1]!];
  let [dx, dy] = [0, 0];
  for (let i = 2; i < points.length; i += 2) {
    [dx, dy] = [x - points[i]!, y - points[i + 1]!]; // x, y pairs
    if (Math.hypot(dx, dy) >= reach) break;
  }
  const length = Math.hypot(dx, dy) || 1;
  return { dx: dx / length, dy: dy / length };
}
