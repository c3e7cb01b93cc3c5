/** Reduces drawings of any size and line width to the rasters that the networks were trained on. */

/** A square picture's ink, row by row: 0 is paper, 1 is ink. */
export interface InkPicture {
  ink: Float32Array;
  side: number; // px
}

/**
 * Reduces a picture to `resolution` and widens lines to at least their width in training, so that
 * thin ones do not fade. The mean line width is w = 2 · area / perimeter; lines grow by half of the
 * missing width on each side.
 * @param lineWidth as a fraction of the side
 * @returns [resolution²] in [-1, 1], ink is 1
 */
export function thickenLines(
  { ink, side }: InkPicture,
  { resolution, lineWidth }: { resolution: number; lineWidth: number },
): Float32Array {
  const lacking = Math.max(0, lineWidth * side - meanLineWidth({ ink, side }));
  const grown = grow({ ink, side }, lacking / 2);
  const cell = side / resolution, out = new Float32Array(resolution ** 2);
  for (let v = 0; v < resolution; v++) {
    for (let u = 0; u < resolution; u++) {
      const [x0, x1] = span(u, cell), [y0, y1] = span(v, cell);
      let sum = 0;
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) sum += grown[y * side + x]!; // in bounds
      }
      out[v * resolution + u] = 2 * sum / ((x1 - x0) * (y1 - y0)) - 1;
    }
  }
  return out;
}

function span(index: number, cell: number): [number, number] {
  const from = Math.floor(index * cell);
  return [from, Math.max(from + 1, Math.floor((index + 1) * cell))];
}

/** 2 · area / perimeter, px; 0 for a blank picture. */
export function meanLineWidth({ ink, side }: InkPicture): number {
  let area = 0, perimeter = 0;
  const at = (x: number, y: number) =>
    x >= 0 && x < side && y >= 0 && y < side && ink[y * side + x]! > 0.5;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      if (!at(x, y)) continue;
      area++;
      perimeter += [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].filter((is) =>
        !is
      ).length;
    }
  }
  return perimeter === 0 ? 0 : 2 * area / perimeter;
}

/** Dilates the ink: each pixel gets the maximum within `radius` px. */
function grow({ ink, side }: InkPicture, radius: number): Float32Array {
  if (radius < 0.5) return ink;
  const out = ink.slice(), reach = Math.floor(radius);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = ink[y * side + x]!;
      if (value <= 0.05) continue; // paper and its noise are not dilated
      for (let v = Math.max(0, y - reach); v <= Math.min(side - 1, y + reach); v++) {
        const half = Math.floor(Math.sqrt(radius * radius - (v - y) ** 2));
        for (let u = Math.max(0, x - half); u <= Math.min(side - 1, x + half); u++) {
          if (out[v * side + u]! < value) out[v * side + u] = value;
        }
      }
    }
  }
  return out;
}
