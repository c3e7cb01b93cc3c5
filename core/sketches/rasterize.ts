/** Rasterizes lines by the distance of each pixel's centre to the nearest line. */
import type { Polyline } from "./drawing.ts";

/** x' = a x + c y + e, y' = b x + d y + f, in the unit square. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The identity transformation. */
export const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

/**
 * Draws lines with round caps into a picture, keeping the darker value: ink 1, background -1, with
 * antialiased edges of one pixel.
 * @param out float32 [resolution, resolution], modified
 * @param lineWidth px
 */
export function rasterize(
  lines: readonly Polyline[],
  out: Float32Array,
  { resolution, lineWidth, matrix = IDENTITY }: {
    resolution: number;
    lineWidth: number;
    matrix?: Matrix;
  },
): void {
  const [a, b, c, d, e, f] = matrix, reach = lineWidth / 2 + 0.5;
  for (const line of lines) {
    let x0 = 0, y0 = 0;
    for (let i = 0; i < line.length; i += 2) {
      const x = line[i]!, y = line[i + 1]!; // x, y pairs
      const x1 = (a * x + c * y + e) * resolution, y1 = (b * x + d * y + f) * resolution;
      if (i > 0) drawSegment(out, { resolution, reach, x0, y0, x1, y1 });
      [x0, y0] = [x1, y1];
    }
  }
}

interface Segment {
  resolution: number;
  reach: number; // px at which ink ends
  x0: number; // px
  y0: number;
  x1: number;
  y1: number;
}

function drawSegment(out: Float32Array, { resolution, reach, x0, y0, x1, y1 }: Segment): void {
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(resolution - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(resolution - 1, Math.ceil(Math.max(y0, y1) + reach));
  const dx = x1 - x0, dy = y1 - y0, squared = dx * dx + dy * dy;
  for (let row = top; row <= bottom; row++) {
    // Only the part of the line within `reach` above or below this row's centre can ink it.
    const from = Math.abs(dy) < 1e-6 ? 0 : (row + 0.5 - reach - y0) / dy;
    const to = Math.abs(dy) < 1e-6 ? 1 : (row + 0.5 + reach - y0) / dy;
    const first = x0 + dx * Math.max(0, Math.min(1, from, to));
    const last = x0 + dx * Math.min(1, Math.max(0, from, to));
    const begin = Math.max(left, Math.floor(Math.min(first, last) - reach));
    const end = Math.min(right, Math.ceil(Math.max(first, last) + reach));
    for (let column = begin; column <= end; column++) {
      const px = column + 0.5 - x0, py = row + 0.5 - y0;
      const t = squared > 0 ? Math.max(0, Math.min(1, (px * dx + py * dy) / squared)) : 0;
      const nearX = px - t * dx, nearY = py - t * dy;
      const far = Math.sqrt(nearX * nearX + nearY * nearY);
      if (far >= reach) continue;
      const ink = Math.min(1, reach - far) * 2 - 1, at = row * resolution + column;
      if (ink > out[at]!) out[at] = ink; // in range
    }
  }
}
