/**
 * A deterministic pattern that make.py also computes, which gives float32 weights and images
 * without a file.
 */
import { VGG_SHAPES, type VggName, type VggWeights } from "../vgg.ts";

/** ((7919 i + salt) mod 251 − 125) · scale / 125, rounded to float32. */
export function pattern(length: number, salt: number, scale: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => ((7919 * i + salt) % 251 - 125) * scale / 125);
}

/** Test weights of block 1: VGG's shapes, but not VGG's values. */
export function patternWeights(): VggWeights {
  const scales = [0.02, 1, 0.05, 0.5];
  return Object.fromEntries(
    (Object.keys(VGG_SHAPES) as VggName[]).map((name, i) => { // its own keys
      const size = VGG_SHAPES[name].reduce((a, b) => a * b, 1);
      return [name, pattern(size, 17 * i, scales[i]!)]; // four names, four scales
    }),
  ) as VggWeights; // one entry per name
}
