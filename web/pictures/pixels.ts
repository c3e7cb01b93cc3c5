/** Arithmetic on small RGB pictures for the growth views, as pure functions. */

/** A square picture: `side` × `side` × RGB, 0 … 255. */
export interface Pixels {
  side: number; // px
  data: Float32Array;
}

/**
 * Cuts a square cell out of RGBA data.
 * @param rgba of the whole grid, `width` px wide
 * @param options left and top of the cell, and its side, px
 */
export function cutCell(
  rgba: Uint8ClampedArray,
  { width, left, top, side }: { width: number; left: number; top: number; side: number },
): Pixels {
  const data = new Float32Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const from = ((top + y) * width + left + x) * 4;
      const to = (y * side + x) * 3;
      for (let c = 0; c < 3; c++) data[to + c] = rgba[from + c]!;
    }
  }
  return { side, data };
}

/**
 * Changes a picture's side: averages boxes when it shrinks by an integer factor, repeats pixels
 * when it grows.
 * @param side new side, px
 */
export function resize(pixels: Pixels, side: number): Pixels {
  if (side === pixels.side) return pixels;
  const data = new Float32Array(side * side * 3);
  const ratio = pixels.side / side;
  const box = Math.max(1, Math.floor(ratio));
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = 0; dy < box; dy++) {
          for (let dx = 0; dx < box; dx++) {
            const from = (Math.floor(y * ratio) + dy) * pixels.side + Math.floor(x * ratio) + dx;
            sum += pixels.data[from * 3 + c]!;
          }
        }
        data[(y * side + x) * 3 + c] = sum / (box * box);
      }
    }
  }
  return { side, data };
}

/** Mean absolute difference of two pictures at the smaller one's size, 0 (equal) … 1. */
export function difference(a: Pixels, b: Pixels): number {
  const side = Math.min(a.side, b.side);
  const [p, q] = [resize(a, side).data, resize(b, side).data];
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += Math.abs(p[i]! - q[i]!);
  return sum / p.length / 255;
}

/**
 * How much the pictures of a grid differ: the standard deviation of each value over the cells,
 * averaged, 0 … 0.5. It is nearly 0 for a generator that collapsed.
 * @param cells all of one side
 */
export function diversity(cells: readonly Pixels[]): number {
  const first = cells[0];
  if (!first || cells.length < 2) return 0;
  let sum = 0;
  for (let i = 0; i < first.data.length; i++) {
    let mean = 0;
    let square = 0;
    for (const { data } of cells) {
      mean += data[i]! / cells.length;
      square += data[i]! ** 2 / cells.length;
    }
    sum += Math.sqrt(Math.max(0, square - mean * mean));
  }
  return sum / first.data.length / 255;
}

/** A grid counts as collapsing when its diversity is below this fraction of its best. */
export const COLLAPSE_PART = 0.4;

/**
 * Index of the first snapshot from which diversity has stayed below {@linkcode COLLAPSE_PART} of
 * its best until now; null if it has not.
 */
export function collapsedSince(values: readonly number[]): number | null {
  let best = 0;
  let since: number | null = null;
  values.forEach((value, i) => {
    if (value < best * COLLAPSE_PART) since ??= i;
    else since = null;
    best = Math.max(best, value);
  });
  return since;
}
