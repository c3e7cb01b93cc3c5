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

/** Of two pictures of a size, 0 … 255. */
export function largestDifference(a: Uint8Array, b: Uint8Array): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}
