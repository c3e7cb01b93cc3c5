/** Interpolates the ink of a picture between its pixels. */

/**
 * Bilinear interpolation between pixel centres, with paper beyond the picture.
 * @param ink float32 [side, side] in [-1, 1]; ink is 1
 */
export function inkAt(ink: Float32Array, side: number, x: number, y: number): number {
  const left = Math.floor(x - 0.5),
    top = Math.floor(y - 0.5),
    a = x - 0.5 - left,
    b = y - 0.5 - top;
  const at = (u: number, v: number) =>
    u >= 0 && v >= 0 && u < side && v < side ? ink[v * side + u]! : -1; // in range
  return (1 - b) * ((1 - a) * at(left, top) + a * at(left + 1, top)) +
    b * ((1 - a) * at(left, top + 1) + a * at(left + 1, top + 1));
}
