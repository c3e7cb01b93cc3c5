/** Synthetic pixels for tests. */
import assert from "node:assert/strict";
import { pattern } from "../../../core/features/testdata/pattern.ts";
import type { Pixels } from "./tiles.ts";

/** Pixels of a smooth pattern. */
export const pixels = (width: number, height: number, channels: number): Pixels => ({
  data: Uint8Array.from(
    pattern(width * height * channels, 9, 1),
    (v) => Math.round(127.5 * (v + 1)),
  ),
  width,
  height,
  channels,
});

/** The same pattern with 16 bits a channel, in values that 8 bits cannot hold. */
export const deepPixels = (width: number, height: number, channels: number): Pixels => {
  const { data, ...size } = pixels(width, height, channels);
  return { ...size, data: Uint16Array.from(data, (v, i) => 257 * v ^ (i % 128)) };
};

/** The largest difference between two pictures of one size, in levels. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
