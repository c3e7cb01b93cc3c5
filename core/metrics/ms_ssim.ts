import { imagePlanes } from "./planes.ts";
import { similarityOfPlane } from "./similarity.ts";
import { pauser } from "./pauser.ts";
import type { ImageBatches } from "./swd.ts";

const WEIGHTS = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/** Square images, [N, R, R, C]. */
export interface SquareShape {
  /** Side in pixels. */
  resolution: number;
  channels: number;
}

/**
 * Multi-scale structural similarity (Wang, Simoncelli and Bovik 2003) of two images, which ProGAN
 * and Odena et al. (2017) use to measure diversity: the product over five scales of
 * contrast^weight, and of the full SSIM^weight at the last scale. Each scale is downsampled by 2×2
 * means; negative means count as 0.
 *
 * Below 16 px there are only as many scales as the image can be halved, and their weights are
 * rescaled to the sum of the original five.
 * @param a uint8 [R, R, C]
 * @param b uint8, the same shape
 * @returns 0 … 1; 1 for equal images
 * @throws RangeError if R isn't a power of two or a length doesn't match
 */
export function msSsim(a: Uint8Array, b: Uint8Array, shape: SquareShape): number {
  const { resolution, channels } = shape, halvings = Math.log2(resolution);
  if (!Number.isInteger(halvings)) {
    throw new RangeError(
      `Cannot compute MS-SSIM: expected a resolution of 4, 8, 16 … px, received ${resolution}. ` +
        `Resize the images.`,
    );
  }
  const whole = { width: resolution, height: resolution, channels };
  let left = imagePlanes(a, whole).planes, right = imagePlanes(b, whole).planes;
  const weights = WEIGHTS.slice(0, halvings + 1);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const scale = sum(WEIGHTS) / sum(weights);
  let result = 1;
  for (const [i, weight] of weights.entries()) {
    const side = resolution / 2 ** i, size = { width: side, height: side };
    // both have the same channels
    const terms = left.map((plane, c) => similarityOfPlane(plane, right[c]!, size));
    const last = i === weights.length - 1;
    const mean = sum(terms.map((term) => last ? term.ssim : term.contrast)) / channels;
    result *= Math.max(0, mean) ** (weight * scale);
    if (last) break;
    left = left.map((plane) => halve(plane, side));
    right = right.map((plane) => halve(plane, side));
  }
  return result;
}

/** Downsamples by 2×2 means. */
function halve(plane: Float64Array, side: number): Float64Array {
  const half = side / 2;
  return Float64Array.from({ length: half * half }, (_, i) => {
    const at = Math.floor(i / half) * 2 * side + i % half * 2;
    return (plane[at]! + plane[at + 1]! + plane[at + side]! + plane[at + side + 1]!) / 4; // inside
  });
}

/**
 * Mean MS-SSIM over pairs of consecutive images (0 and 1, 2 and 3 …): the lower, the more diverse
 * the images. Compare it with the reals' own. Lets the event loop run between pairs.
 * @param batches uint8 [N, R, R, C], N even
 * @throws RangeError if there is no pair, or a batch has an odd number of images
 */
export async function msSsimOfPairs(
  batches: ImageBatches,
  shape: SquareShape,
  onProgress?: (pairs: number) => void,
): Promise<{ value: number; pairs: number }> {
  const image = shape.resolution ** 2 * shape.channels, pause = pauser();
  let sum = 0, pairs = 0;
  for await (const batch of batches) {
    if (batch.length % (2 * image) !== 0) {
      throw new RangeError(
        `Cannot compute MS-SSIM of pairs: expected batches of an even number of ` +
          `${shape.resolution} px images, ` +
          `received ${batch.length / image} images. Pass whole pairs.`,
      );
    }
    for (let at = 0; at < batch.length; at += 2 * image) {
      const middle = at + image;
      sum += msSsim(batch.subarray(at, middle), batch.subarray(middle, middle + image), shape);
      pairs++;
      onProgress?.(pairs);
      await pause();
    }
  }
  if (pairs === 0) {
    throw new RangeError(
      "Cannot compute MS-SSIM: expected a pair of images, received none. Add images.",
    );
  }
  return { value: sum / pairs, pairs };
}
