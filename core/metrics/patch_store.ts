import { seedFor } from "../random.ts";
import { laplacianPyramid, pyramidLevels } from "./laplacian_pyramid.ts";
import {
  createCorners,
  gatherPatches,
  PATCHES_PER_IMAGE,
  type PatchSet,
  patchSize,
} from "./patches.ts";
import { pauser } from "./pauser.ts";

/** The patches of a set of images at some of their pyramid levels. */
export interface PatchStore {
  /** Name of the set in errors; it also seeds the positions of the patches. */
  readonly name: string;
  readonly count: number;
  /** Adds the patches of a batch, uint8 [N, R, R, C], which is not kept. */
  add(batch: Uint8Array): Promise<void>;
  /** Removes the patches of a level from the store and returns them. */
  take(level: number): PatchSet;
}

/** Which patches to store. */
export interface PatchStoreOptions {
  name: string;
  resolution: number; // px a side
  channels: number;
  seed: number;
  imagesPlanned: number;
  /** Levels `from` … `to - 1`, counted from the finest. */
  from: number;
  to: number;
}

/** Bytes of one image's patches at its finest level; coarser levels need no more. */
export function patchBytes(resolution: number, channels: number): number {
  return patchesPerImage(resolution) * patchSize(resolution) ** 2 * channels * 4; // float32
}

/** One patch if it covers the whole image. */
function patchesPerImage(resolution: number): number {
  return patchSize(resolution) === resolution ? 1 : PATCHES_PER_IMAGE;
}

/** Number of images processed at a time. */
const STEP = 32;

/** Creates an empty store with room for the planned images. */
export function createPatchStore(options: PatchStoreOptions): PatchStore {
  const { name, resolution, channels, seed, imagesPlanned, from, to } = options;
  const image = resolution * resolution * channels; // bytes
  const pause = pauser();
  let count = 0;
  const levels = Array.from({ length: to - from }, (_, i) => {
    const level = from + i, size = resolution / 2 ** level;
    const length = patchSize(size) ** 2 * channels, each = patchesPerImage(size);
    return {
      ...{ level, size, length, each },
      corners: createCorners(size, seedFor(seed, `swd.${name}`, level)),
      data: new Float32Array(imagesPlanned * each * length),
    };
  });

  function addImages(bytes: Uint8Array): void {
    const images = bytes.length / image, data = Float32Array.from(bytes);
    const pyramid = laplacianPyramid({ data, resolution, channels }, pyramidLevels(resolution));
    for (const { level, each, length, corners, data } of levels) {
      const set = { images: pyramid[level]!, corners: corners(images) }; // one of the pyramid's
      const out = data.subarray(count * each * length);
      gatherPatches(set, 0, images * each, out);
    }
    count += images;
  }

  return {
    name,
    get count() {
      return count;
    },
    async add(batch) {
      const images = batch.length / image;
      if (!Number.isInteger(images)) {
        throw new RangeError(
          `Cannot add ${name} images: expected [N, ${resolution}, ${resolution}, ${channels}] ` +
            `uint8, ` +
            `received ${batch.length} bytes. Pass whole images of the given resolution.`,
        );
      }
      if (count + images > imagesPlanned) {
        throw new RangeError(
          `Cannot add ${images} ${name} images: expected at most ${imagesPlanned} in all, ` +
            `received ${count + images}. Raise imagesPlanned.`,
        );
      }
      for (let at = 0; at < images; at += STEP) {
        addImages(batch.subarray(at * image, Math.min(images, at + STEP) * image));
        await pause();
      }
    },
    take(level) {
      const taken = levels.find((entry) => entry.level === level)!; // one that was asked for
      const { size, each, length } = taken, patches = count * each;
      const data = taken.data.subarray(0, patches * length);
      taken.data = new Float32Array();
      // Each patch is now an image of its own.
      const images = { data, resolution: patchSize(size), channels };
      return { images, corners: new Uint32Array(patches) };
    },
  };
}
