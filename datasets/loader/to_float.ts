/** Converts bytes to floats. */

/** v / 127.5 - 1 for each byte v. */
export const UNIT = Float32Array.from({ length: 256 }, (_, v) => v / 127.5 - 1);

/**
 * Writes a square as float32 in [-1, 1].
 * @param row uint8 [resolution, resolution, channels]
 * @param out the target, from `offset` on
 * @param flip mirror left and right
 */
export function toFloat(
  row: Uint8Array,
  out: Float32Array,
  offset: number,
  { resolution, channels, flip }: { resolution: number; channels: number; flip: boolean },
): void {
  if (!flip) {
    for (let i = 0; i < row.length; i++) out[offset + i] = UNIT[row[i]!]!; // a byte
    return;
  }
  const width = resolution * channels;
  for (let y = 0; y < resolution; y++) {
    for (let x = 0; x < resolution; x++) {
      const from = y * width + (resolution - 1 - x) * channels,
        to = offset + y * width + x * channels;
      for (let c = 0; c < channels; c++) out[to + c] = UNIT[row[from + c]!]!; // within the row
    }
  }
}
