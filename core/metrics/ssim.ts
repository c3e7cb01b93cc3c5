import { type CompareOptions, imagePlanes } from "./planes.ts";
import { similarityOfPlane, WINDOW_SIZE } from "./similarity.ts";

/**
 * Structural similarity (Wang et al., "Image Quality Assessment: From Error Visibility to
 * Structural Similarity", 2004) of two 8-bit images: an 11×11 Gaussian window with σ 1.5, only
 * where it fits, averaged over pixels and channels. Equals scikit-image's `structural_similarity`
 * with `gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255`.
 * @param a uint8 [height, width, channels]
 * @param b uint8, the same shape
 * @returns at most 1, for equal images
 * @throws RangeError if a shape doesn't match, or less than 11 px a side remain after the crop
 */
export function ssim(a: Uint8Array, b: Uint8Array, options: CompareOptions): number {
  const left = imagePlanes(a, options), right = imagePlanes(b, options);
  if (Math.min(left.width, left.height) < WINDOW_SIZE) {
    throw new RangeError(
      `Cannot compute SSIM: expected at least ${WINDOW_SIZE} px a side after the crop, ` +
        `received ${left.width}×${left.height}. Compare larger images or crop less.`,
    );
  }
  let sum = 0;
  for (const [p, plane] of left.planes.entries()) {
    // both have the same planes
    sum += similarityOfPlane(plane, right.planes[p]!, left).ssim;
  }
  return sum / left.planes.length;
}
