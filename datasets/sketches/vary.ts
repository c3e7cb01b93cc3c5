/** Augments a whole sketch by a small rotation, scaling and shift. */
import { Random, seedFor } from "../../core/random.ts";
import { IDENTITY, type Matrix } from "../../core/sketches/rasterize.ts";

/** Largest changes; DoodlerGAN uses 15°, 0.1 and 0.01 (Ge et al., 2021). */
export interface Variation {
  rotate: number; // degrees
  scale: number; // fraction of 1
  shift: number; // fraction of the side
}

/**
 * The transformation of the k-th draw of a seed, about the centre of the square.
 * @param flip mirror left and right with probability ½, by (seed, k)
 */
export function variationOf(
  { rotate, scale, shift }: Variation,
  { seed, k, flip }: { seed: number; k: number; flip: boolean },
): Matrix {
  const random = new Random(seedFor(seed, "vary", k));
  const between = (largest: number) => (2 * random.uniform() - 1) * largest;
  const angle = between(rotate) * Math.PI / 180, size = 1 + between(scale);
  const across = between(shift), down = between(shift);
  const mirror = flip && new Random(seedFor(seed, "flip", k)).uniform() < 0.5 ? -1 : 1;
  const cos = Math.cos(angle) * size, sin = Math.sin(angle) * size;
  return about([cos * mirror, sin * mirror, -sin, cos, across, down]);
}

/** Makes a matrix apply about the centre of the unit square instead of its corner. */
function about([a, b, c, d, e, f]: Matrix): Matrix {
  return [a, b, c, d, e + 0.5 - (a + c) / 2, f + 0.5 - (b + d) / 2];
}

/** Only mirrors. */
export function flipOnly({ seed, k, flip }: { seed: number; k: number; flip: boolean }): Matrix {
  return flip ? variationOf({ rotate: 0, scale: 0, shift: 0 }, { seed, k, flip }) : IDENTITY;
}
