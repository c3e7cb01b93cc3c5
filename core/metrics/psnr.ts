import { type CompareOptions, imagePlanes } from "./planes.ts";

/**
 * Peak signal-to-noise ratio of two 8-bit images: 10 log10(255² / MSE), with the mean squared error
 * over all channels.
 * @param a uint8 [height, width, channels]
 * @param b uint8, the same shape
 * @returns decibels; Infinity for equal images
 * @throws RangeError if a shape or the crop doesn't fit
 */
export function psnr(a: Uint8Array, b: Uint8Array, options: CompareOptions): number {
  const left = imagePlanes(a, options), right = imagePlanes(b, options);
  let squares = 0, count = 0;
  for (const [p, plane] of left.planes.entries()) {
    const other = right.planes[p]!; // the same options, so as many planes
    for (let i = 0; i < plane.length; i++) squares += (plane[i]! - other[i]!) ** 2;
    count += plane.length;
  }
  return 10 * Math.log10(255 ** 2 * count / squares);
}
