/** Made-up pixels, for tests. */
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

/** The same with 16 bits a channel, which 8 could not hold. */
export const deepPixels = (width: number, height: number, channels: number): Pixels => {
  const { data, ...size } = pixels(width, height, channels);
  return { ...size, data: Uint16Array.from(data, (v, i) => 257 * v ^ (i % 128)) };
};

/** Of two pictures of a size, in levels. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  assert.equal(a.length, b.length);
  return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
