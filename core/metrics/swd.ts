import { seedFor } from "../random.ts";
import { pyramidLevels } from "./laplacian_pyramid.ts";
import { createPatchStore, patchBytes, type PatchStore } from "./patch_store.ts";
import { patchSize } from "./patches.ts";
import {
  drawDirections,
  slicedWasserstein,
  type SlicedWassersteinOptions,
} from "./sliced_wasserstein.ts";

/** Options of {@linkcode swdOf}. */
export interface SwdOptions extends SlicedWassersteinOptions {
  /** Side in pixels. */
  resolution: number;
  channels: number;
  /** Seeds the positions of patches and the directions. */
  seed: number;
  /**
   * Largest number of images per set; 16,384 in the paper, 2,048 on small machines. The result
   * depends on it.
   */
  imagesPlanned: number;
  /**
   * Most bytes of patches held in memory, if one level of all sets fits; with less memory the sets
   * are read more often. Default 1.5 GiB.
   */
  patchBytes?: number;
}

/** Sliced Wasserstein distance of two sets of images; smaller means closer. */
export interface SwdResult {
  /** ×10³, per level, finest first. */
  levels: { resolution: number; value: number }[];
  /** Mean over the levels, ×10³. */
  average: number;
  images: number;
}

/** Batches of uint8 [N, R, R, C]. */
export type ImageBatches = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/** A set of images; each call starts again and yields the same images. */
export type ImageSet = () => ImageBatches;

const PATCH_BYTES = 1.5 * 2 ** 30;

/**
 * Sliced Wasserstein distance between reals and fakes as in ProGAN (Karras et al., "Progressive
 * Growing of GANs", ICLR 2018, section 5 and its `sliced_wasserstein` metric): a Laplacian pyramid
 * down to 16 px, 128 random 7×7 patches per image and level, each set normalized per channel on its
 * own, 512 random directions, ×10³. Below 16 px the image itself is the only level; at 4 px it is
 * the only patch.
 *
 * The expected value falls with the number of images even between two sets of reals: only compare
 * values for the same number, and see {@linkcode swdWithFloor}.
 *
 * Images are streamed: only their patches are held in memory, 75 kB per image, level and set with 3
 * channels, whatever the resolution. As many levels as fit into `patchBytes` are processed at once,
 * at least one; the sets are read again for the next levels. The batch size has no effect on the
 * result.
 * @param sets with the same number of images
 * @throws RangeError if a batch has another size, there are more images than planned, or the sets
 * differ in size
 */
export async function swdOf(
  sets: { real: ImageSet; fake: ImageSet },
  options: SwdOptions,
): Promise<SwdResult> {
  const [swd] = await compare([["real", sets.real], ["generated", sets.fake]], options);
  return swd!; // one for each set after the first
}

/**
 * The distance of fakes to reals, and the floor: the distance of *other* reals to the same reals,
 * which a perfect generator would reach with this number of images.
 * @param sets disjoint, with the same number of images
 * @throws RangeError as {@linkcode swdOf}
 */
export async function swdWithFloor(
  sets: { real: ImageSet; otherReal: ImageSet; fake: ImageSet },
  options: SwdOptions,
): Promise<{ swd: SwdResult; floor: SwdResult }> {
  const [swd, floor] = await compare([
    ["real", sets.real],
    ["generated", sets.fake],
    ["other real", sets.otherReal],
  ], options);
  return { swd: swd!, floor: floor! }; // one for each set after the first
}

/** The distance of each set to the first. */
async function compare(
  sets: readonly (readonly [name: string, images: ImageSet])[],
  options: SwdOptions,
): Promise<SwdResult[]> {
  const { resolution, channels, imagesPlanned, seed } = options;
  if (resolution < 4 || !Number.isInteger(Math.log2(resolution))) {
    throw new RangeError(
      `Cannot compute SWD: expected a resolution of 4, 8, 16 … px, received ${resolution}. ` +
        `Resize the images.`,
    );
  }
  const levels = pyramidLevels(resolution);
  const each = sets.length * imagesPlanned * patchBytes(resolution, channels); // bytes of a level
  const together = Math.max(1, Math.floor((options.patchBytes ?? PATCH_BYTES) / each));
  const results = sets.slice(1).map((): SwdResult => ({ levels: [], average: 0, images: 0 }));
  for (let from = 0; from < levels; from += together) {
    const stores: PatchStore[] = [];
    for (const [name, images] of sets) {
      const store = createPatchStore({
        ...options,
        name,
        from,
        to: Math.min(levels, from + together),
      });
      for await (const batch of images()) await store.add(batch);
      stores.push(store);
    }
    const images = expectEqual(stores);
    for (let level = from; level < Math.min(levels, from + together); level++) {
      const size = resolution / 2 ** level;
      const directions = drawDirections(
        patchSize(size) ** 2 * channels,
        seedFor(seed, "swd.directions", level),
      );
      // the memory of a level is freed when it is finished
      const patches = stores.map((store) => store.take(level));
      const distances = await slicedWasserstein(patches, directions, {
        ...options,
        onProgress: (fraction) => options.onProgress?.((level + fraction) / levels),
      });
      for (const [i, distance] of distances.entries()) {
        results[i]!.levels.push({ resolution: size, value: distance * 1e3 });
        results[i]!.average += distance * 1e3 / levels;
        results[i]!.images = images;
      }
    }
  }
  return results;
}

function expectEqual(stores: readonly PatchStore[]): number {
  const images = stores[0]!.count; // there are two sets or more
  if (images > 0 && stores.every((store) => store.count === images)) return images;
  throw new RangeError(
    `Cannot compute SWD: expected equally many images in each set, received ` +
      `${stores.map((store) => `${store.count} ${store.name}`).join(", ")}. Add as many to each.`,
  );
}
