/** Free ends of a stroke, drawn out to where the ink ends. */
import { inkAt } from "./ink_at.ts";
import { reversed } from "./join_edges.ts";

/** Steps along a line, px. */
const STEP = 0.25;

/**
 * Thinning takes about half a line's width off the ends of wide lines, nothing off thin ones, and
 * leaves the last pixels beside the middle. So each end of an open stroke begins anew a little
 * inside, and goes on as the stroke does until a pen's round end there reaches the outline of the
 * ink; by a pen's width at most beyond the old end, for the ink there is another line's.
 * @param points x and y by turns, px; a closed stroke stays as it is
 * @param ink float32 [side, side] in [-1, 1], ink is 1; the outline is where it is 0
 * @param width of the pen, px
 */
export function extendEnds(
  points: number[],
  { ink, side, width }: { ink: Float32Array; side: number; width: number },
): number[] {
  const isInk = (x: number, y: number) => inkAt(ink, side, x, y) >= 0;
  /** The points from another beginning on. */
  const begun = (points: number[]): number[] => {
    const inside = farther(points, 1), kept = points.slice(inside);
    const [x, y] = [kept[0]!, kept[1]!], { dx, dy } = backwards(kept, 2 + width);
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
  return reversed(begun(reversed(begun(points))));
}

/** Where the first point is that lies `reach` px from the first of all; the last but one if none. */
function farther(points: readonly number[], reach: number): number {
  let at = 0;
  while (
    at < points.length - 4 &&
    Math.hypot(points[at]! - points[0]!, points[at + 1]! - points[1]!) < reach
  ) at += 2;
  return at;
}

/** From what lies `reach` px along a line to its first point, length 1; 0 of a line of no length. */
function backwards(points: readonly number[], reach: number): { dx: number; dy: number } {
  const [x, y] = [points[0]!, points[1]!];
  let [dx, dy] = [0, 0];
  for (let i = 2; i < points.length; i += 2) {
    [dx, dy] = [x - points[i]!, y - points[i + 1]!]; // pairs
    if (Math.hypot(dx, dy) >= reach) break;
  }
  const length = Math.hypot(dx, dy) || 1;
  return { dx: dx / length, dy: dy / length };
}
