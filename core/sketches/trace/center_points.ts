/** Moves the points of a thinned line to the middle of the ink. */
import { inkAt } from "./ink_at.ts";

/** Sampling step across a line in px. */
const STEP = 0.25;
/** Largest distance of a skeleton point from the middle of its line in px. */
const MOST = 1;

/**
 * Thinning leaves points on whole pixels. Each point except the ends moves perpendicularly to the
 * line to the centroid of the ink there, within the width of the pen.
 * @param points alternating x and y in px
 * @param ink float32 [side, side] in [-1, 1]; ink is 1
 * @param width of the pen in px
 */
export function centerPoints(
  points: readonly number[],
  { ink, side, width }: { ink: Float32Array; side: number; width: number },
): number[] {
  const reach = width / 2 + 1, out = [...points];
  for (let i = 2; i < points.length - 2; i += 2) {
    const [x, y] = [points[i]!, points[i + 1]!]; // pairs, with one before and one after
    const dx = points[i + 2]! - points[i - 2]!, dy = points[i + 3]! - points[i - 1]!;
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    let sum = 0, moment = 0;
    for (let s = -reach; s <= reach; s += STEP) {
      const weight = Math.max(0, inkAt(ink, side, x - s * dy / length, y + s * dx / length) + 1);
      [sum, moment] = [sum + weight, moment + weight * s];
    }
    const by = sum > 0 ? Math.max(-MOST, Math.min(MOST, moment / sum)) : 0;
    [out[i], out[i + 1]] = [x - by * dy / length, y + by * dx / length];
  }
  return out;
}
