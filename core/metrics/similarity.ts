/** Side of SSIM's window in pixels. */
export const WINDOW_SIZE = 11;
const SIGMA = 1.5; // px, of a window of 11
const C1 = (0.01 * 255) ** 2, C2 = (0.03 * 255) ** 2;

/**
 * SSIM of one channel, and its contrast-structure term alone, which MS-SSIM needs; both are means
 * over the pixels where the window fits. With Gaussian-weighted means μ, variances σ² and
 * covariance σ_ab:
 *
 *     ssim = (2 μ_a μ_b + C1) (2 σ_ab + C2) / ((μ_a² + μ_b² + C1) (σ_a² + σ_b² + C2))
 *     contrast = (2 σ_ab + C2) / (σ_a² + σ_b² + C2)
 *
 * For planes under 11 px, the window shrinks to the plane and σ with it.
 * @param a [height, width], 0 … 255
 * @param b the same shape
 */
export function similarityOfPlane(
  a: Float64Array,
  b: Float64Array,
  size: { width: number; height: number },
): { ssim: number; contrast: number } {
  const window = gaussianWindow(Math.min(WINDOW_SIZE, size.width, size.height));
  const blur = (value: (i: number) => number) =>
    filterValid(Float64Array.from(a, (_, i) => value(i)), size, window);
  const meanA = filterValid(a, size, window), meanB = filterValid(b, size, window);
  const squareA = blur((i) => a[i]! ** 2), squareB = blur((i) => b[i]! ** 2); // same length
  const product = blur((i) => a[i]! * b[i]!);
  let ssim = 0, contrast = 0;
  for (let i = 0; i < meanA.length; i++) {
    const ma = meanA[i]!, mb = meanB[i]!;
    const variances = squareA[i]! - ma * ma + squareB[i]! - mb * mb;
    const term = (2 * (product[i]! - ma * mb) + C2) / (variances + C2);
    contrast += term;
    ssim += term * (2 * ma * mb + C1) / (ma * ma + mb * mb + C1);
  }
  return { ssim: ssim / meanA.length, contrast: contrast / meanA.length };
}

/** Gaussian weights that sum to 1; σ is 1.5 px at size 11 and scales with it. */
function gaussianWindow(size: number): Float64Array {
  const sigma = SIGMA * size / WINDOW_SIZE;
  const weights = Float64Array.from({ length: size }, (_, i) => {
    return Math.exp(-((i - (size - 1) / 2) ** 2) / (2 * sigma ** 2));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** Applies a separable filter where the window fits. */
function filterValid(
  plane: Float64Array,
  { width, height }: { width: number; height: number },
  window: Float64Array,
): Float64Array {
  const size = window.length, outWidth = width - size + 1, outHeight = height - size + 1;
  const rows = new Float64Array(height * outWidth);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let t = 0; t < size; t++) sum += window[t]! * plane[y * width + x + t]!; // fits
      rows[y * outWidth + x] = sum;
    }
  }
  const out = new Float64Array(outHeight * outWidth);
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      let sum = 0;
      for (let t = 0; t < size; t++) sum += window[t]! * rows[(y + t) * outWidth + x]!; // fits
      out[y * outWidth + x] = sum;
    }
  }
  return out;
}
