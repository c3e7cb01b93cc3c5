import { UNIT } from "../loader/to_float.ts";

/**
 * Copies a square crop of a picture's rows as float32 in [-1, 1].
 * @param rows uint8 [resolution, width, channels]
 * @param out [resolution, resolution, channels]
 * @param options.left the square's first column in px
 * @param options.turn 0 … 7: bit 0 mirrors left and right, bit 1 up and down, and bit 2 then
 * transposes
 */
export function copyCrop(
  rows: Uint8Array,
  out: Float32Array,
  { width, left, resolution, channels, turn }: {
    width: number;
    left: number;
    resolution: number;
    channels: number;
    turn: number;
  },
): void {
  const last = resolution - 1;
  for (let y = 0, o = 0; y < resolution; y++) {
    for (let x = 0; x < resolution; x++) {
      const [u, v] = turn & 4 ? [y, x] : [x, y];
      const column = turn & 1 ? last - u : u, row = turn & 2 ? last - v : v;
      const from = (row * width + left + column) * channels;
      for (let c = 0; c < channels; c++) out[o++] = UNIT[rows[from + c]!]!; // in range
    }
  }
}
