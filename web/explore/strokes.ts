/** Pen strokes: recorded while drawing, simplified when the pen is lifted. */
import type { Stroke } from "../../core/explore/protocol.ts";

/**
 * Drops points that are closer than `tolerance` to the line between the points that are kept
 * (Douglas & Peucker 1973).
 * @param stroke points in 0 … 1
 * @param tolerance in the same unit
 */
export function simplify(stroke: Stroke, tolerance: number): Stroke {
  const first = stroke[0];
  const last = stroke.at(-1);
  if (!first || !last || stroke.length < 3) return [...stroke];
  let far = 0;
  let farthest = 0;
  for (let i = 1; i < stroke.length - 1; i++) {
    const distance = distanceToLine(stroke[i]!, [first, last]);
    if (distance > farthest) [far, farthest] = [i, distance];
  }
  if (farthest <= tolerance) return [first, last];
  const left = simplify(stroke.slice(0, far + 1), tolerance);
  return [...left.slice(0, -1), ...simplify(stroke.slice(far), tolerance)];
}

function distanceToLine(
  [x, y]: [number, number],
  [[x0, y0], [x1, y1]]: [[number, number], [number, number]],
): number {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length === 0) return Math.hypot(x - x0, y - y0);
  return Math.abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length;
}
