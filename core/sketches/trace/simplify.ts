/** Smooths traced lines and reduces their points. */

/**
 * Smooths pixel steps: each point moves to the mean of itself, with double weight, and its
 * neighbours. The ends stay.
 * @param points alternating x and y
 */
export function smoothed(points: readonly number[], times = 2): number[] {
  let line = [...points];
  for (let n = 0; n < times; n++) {
    line = line.map((value, i) =>
      i < 2 || i >= line.length - 2 ? value : (line[i - 2]! + 2 * value + line[i + 2]!) / 4
    );
  }
  return line;
}

/**
 * Removes points that are within `tolerance` of the line without them (Ramer 1972; Douglas and
 * Peucker 1973).
 * @param points alternating x and y
 */
export function simplified(points: readonly number[], tolerance: number): number[] {
  const last = points.length / 2 - 1;
  const kept = new Set([0, last]), open: [from: number, to: number][] = [[0, last]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [from, to] = span;
    let farthest = 0, at = -1;
    for (let i = from + 1; i < to; i++) {
      const far = distance(points, i, from, to);
      if (far > farthest) [farthest, at] = [far, i];
    }
    if (farthest <= tolerance) continue;
    kept.add(at);
    open.push([from, at], [at, to]);
  }
  return [...kept].sort((a, b) => a - b).flatMap((i) => [points[2 * i]!, points[2 * i + 1]!]);
}

/** The distance of point i from the segment between two others. */
function distance(points: readonly number[], i: number, from: number, to: number): number {
  const [x, y] = [points[2 * i]!, points[2 * i + 1]!];
  const [x0, y0] = [points[2 * from]!, points[2 * from + 1]!];
  const dx = points[2 * to]! - x0, dy = points[2 * to + 1]! - y0, squared = dx * dx + dy * dy;
  const t = squared > 0 ? Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / squared)) : 0;
  return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
}
