import { Random, type Seed } from "../random.ts";
import type { FloatImages } from "./laplacian_pyramid.ts";
import { pauser } from "./pauser.ts";

/** Side of ProGAN's patches in pixels. */
export const PATCH_SIZE = 7;
/** Patches per image and level in ProGAN. */
export const PATCHES_PER_IMAGE = 128;

/** Images of one level and the positions of their patches. */
export interface PatchSet {
  images: FloatImages; // [N, R, R, C]
  /**
   * Top left corner of each patch, as y * R + x; each image has the same number, image after image.
   */
  corners: Uint32Array;
}

/** Side of a patch at a resolution: 7, or the whole image if that is smaller (4 px). */
export function patchSize(resolution: number): number {
  return Math.min(PATCH_SIZE, resolution);
}

/**
 * Creates a generator of patch corners, drawn uniformly over all positions where a patch fits.
 *
 * If the patch is the whole image (4 px), there is one position; it is used once per image, since
 * repeating equal patches 128 times would not change any mean or quantile.
 * @param resolution side in px
 * @param seed see `seedFor()`
 * @returns a function that returns the corners of the next images
 */
export function createCorners(resolution: number, seed: Seed): (images: number) => Uint32Array {
  const places = resolution - patchSize(resolution) + 1;
  if (places === 1) return (images) => new Uint32Array(images);
  const random = new Random(seed);
  return (images) =>
    Uint32Array.from({ length: images * PATCHES_PER_IMAGE }, () => {
      const place = random.integer(places * places);
      return Math.floor(place / places) * resolution + place % places;
    });
}

/**
 * Copies patches `first` … `first + count - 1`.
 * @param out [count, size, size, C], row after row
 */
export function gatherPatches(
  set: PatchSet,
  first: number,
  count: number,
  out: Float32Array,
): void {
  const { data, resolution, channels } = set.images;
  const side = patchSize(resolution), row = side * channels, image = resolution ** 2 * channels;
  const perImage = set.corners.length / (data.length / image);
  let to = 0;
  for (let patch = first; patch < first + count; patch++) {
    let from = Math.floor(patch / perImage) * image + set.corners[patch]! * channels; // in range
    for (let y = 0; y < side; y++, from += resolution * channels) {
      for (let i = from; i < from + row; i++) out[to++] = data[i]!; // in range
    }
  }
}

/** Mean and (population) standard deviation of each channel over all pixels of all patches. */
export async function patchStatistics(
  set: PatchSet,
): Promise<{ mean: Float64Array; deviation: Float64Array }> {
  const { resolution, channels } = set.images, pixels = patchSize(resolution) ** 2;
  const sum = new Float64Array(channels), squares = new Float64Array(channels);
  const patch = new Float32Array(pixels * channels), pause = pauser();
  for (let p = 0; p < set.corners.length; p++) {
    if (p % 4096 === 0) await pause();
    gatherPatches(set, p, 1, patch);
    for (let i = 0; i < patch.length; i++) {
      const value = patch[i]!, c = i % channels;
      sum[c]! += value;
      squares[c]! += value * value;
    }
  }
  const n = set.corners.length * pixels, mean = sum.map((s) => s / n);
  const deviation = squares.map((s, c) => {
    const square = mean[c]! ** 2, variance = s / n - square;
    // A constant channel can't be scaled, so it is only centred (ProGAN's own code gives NaN here).
    return variance > 1e-12 * square ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}
