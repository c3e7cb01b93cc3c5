import { seedFor } from "../random.ts";
import { type FloatImages, laplacianPyramid, pyramidLevels } from "./laplacian_pyramid.ts";
import { pauser } from "./pauser.ts";
import { drawCorners, type PatchSet, patchSize } from "./patches.ts";
import {
  drawDirections,
  slicedWasserstein,
  type SlicedWassersteinOptions,
} from "./sliced_wasserstein.ts";

/** What to compare. */
export interface SwdOptions extends SlicedWassersteinOptions {
  /** Pixels a side. */
  resolution: number;
  /** Of a pixel. */
  channels: number;
  /** Seeds the patches' places and the directions. */
  seed: number;
  /** The most images of a set; 16,384 in the paper, 2,048 on small machines. The figure depends on it. */
  imagesPlanned: number;
}

/** Sliced Wasserstein distance of two sets of images; smaller is closer. */
export interface SwdResult {
  /** ×10³, by level, finest first. */
  levels: { resolution: number; value: number }[];
  /** Mean over the levels, ×10³. */
  average: number;
  /** Images of each set. */
  images: number;
}

/** Images that arrive batch by batch. */
export interface Swd {
  /** Adds reals: uint8 [N, R, R, C], copied. */
  addReal(batch: Uint8Array): void;
  /** Adds generated images: uint8 [N, R, R, C], copied. */
  addFake(batch: Uint8Array): void;
  /** Compares what was added; both sets must have the same size. */
  result(): Promise<SwdResult>;
}

/**
 * Sliced Wasserstein distance between reals and fakes as in ProGAN (Karras et al., "Progressive Growing of
 * GANs", ICLR 2018, section 5 and its `sliced_wasserstein` metric): a Laplacian pyramid down to 16 px,
 * 128 random 7×7 patches an image and level, each set normalised per channel by itself, 512 random
 * directions, ×10³. Below 16 px the image itself is the only level; at 4 px it is the only patch.
 *
 * The expectation of the figure falls with the number of images even between two sets of reals: compare
 * only figures of the same number, and see {@linkcode swdWithFloor}.
 *
 * Holds imagesPlanned · R² · C bytes a set, and while it computes up to 5.4 times that again
 * (the pyramid in float32) and `memoryBytes`. How the images are cut into batches changes nothing.
 * @throws RangeError if a batch has another size, there are more images than planned, or the sets differ in size
 */
export function createSwd(options: SwdOptions): Swd {
  const real = new ImageStore("real", options), fake = new ImageStore("generated", options);
  return {
    addReal: (batch) => real.add(batch),
    addFake: (batch) => fake.add(batch),
    result: async () => (await compare([real, fake], options))[0]!, // one for each set after the first
  };
}

/** Batches of uint8 [N, R, R, C]. */
export type ImageBatches = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * The distance of fakes to reals, and beside it the floor: the distance of *other* reals to the same reals,
 * which is what a perfect generator would get with this number of images.
 * @param batches three disjoint sets with equally many images
 * @throws RangeError as {@linkcode createSwd}
 */
export async function swdWithFloor(
  batches: { real: ImageBatches; otherReal: ImageBatches; fake: ImageBatches },
  options: SwdOptions,
): Promise<{ swd: SwdResult; floor: SwdResult }> {
  const stores = [];
  for (
    const [name, set] of [
      ["real", batches.real],
      ["generated", batches.fake],
      ["other real", batches.otherReal],
    ] as const
  ) {
    const store = new ImageStore(name, options);
    for await (const batch of set) store.add(batch);
    stores.push(store);
  }
  const [swd, floor] = await compare(stores, options);
  return { swd: swd!, floor: floor! }; // one for each set after the first
}

async function compare(stores: readonly ImageStore[], options: SwdOptions): Promise<SwdResult[]> {
  const images = stores[0]!.count;
  if (images === 0 || stores.some((store) => store.count !== images)) {
    throw new RangeError(
      `Cannot compute SWD: expected equally many images in each set, received ` +
        `${stores.map((store) => `${store.count} ${store.name}`).join(", ")}. Add as many to each.`,
    );
  }
  const levels = pyramidLevels(options.resolution);
  const pause = pauser(), pyramids: FloatImages[][] = [];
  for (const store of stores) pyramids.push(await store.pyramid(pause));
  const results = stores.slice(1).map((): SwdResult => ({ levels: [], average: 0, images }));
  for (let level = 0; level < levels; level++) {
    const resolution = options.resolution / 2 ** level;
    const sets: PatchSet[] = [];
    for (const [i, store] of stores.entries()) {
      const seed = seedFor(options.seed, `swd.${store.name}`, level);
      // Finest first; shifted out so that a level can be freed when it is done.
      sets.push({
        images: pyramids[i]!.shift()!,
        corners: await drawCorners(images, resolution, seed),
      });
    }
    const directions = drawDirections(
      patchSize(resolution) ** 2 * options.channels,
      seedFor(options.seed, "swd.directions", level),
    );
    const distances = await slicedWasserstein(sets, directions, {
      ...options,
      onProgress: (fraction) => options.onProgress?.((level + fraction) / levels),
    });
    for (const [i, distance] of distances.entries()) {
      results[i]!.levels.push({ resolution, value: distance * 1e3 });
      results[i]!.average += distance * 1e3 / levels;
    }
  }
  return results;
}

/** Keeps a set as uint8: a level's floats are made again when they are needed. */
class ImageStore {
  count = 0;
  #data: Uint8Array;
  #image: number; // bytes

  constructor(readonly name: string, readonly options: SwdOptions) {
    const { resolution, channels, imagesPlanned } = options;
    if (resolution < 4 || !Number.isInteger(Math.log2(resolution))) {
      throw new RangeError(
        `Cannot compute SWD: expected a resolution of 4, 8, 16 … px, received ${resolution}. Resize the images.`,
      );
    }
    this.#image = resolution * resolution * channels;
    this.#data = new Uint8Array(imagesPlanned * this.#image);
  }

  add(batch: Uint8Array): void {
    const { resolution, channels, imagesPlanned } = this.options,
      count = batch.length / this.#image;
    if (!Number.isInteger(count)) {
      throw new RangeError(
        `Cannot add ${this.name} images: expected [N, ${resolution}, ${resolution}, ${channels}] uint8, ` +
          `received ${batch.length} bytes. Pass whole images of the resolution given to createSwd().`,
      );
    }
    if (this.count + count > imagesPlanned) {
      throw new RangeError(
        `Cannot add ${count} ${this.name} images: expected at most ${imagesPlanned} in all, ` +
          `received ${this.count + count}. Raise imagesPlanned.`,
      );
    }
    this.#data.set(batch, this.count * this.#image);
    this.count += count;
  }

  /** Every image's pyramid as floats, made from a few images at a time. */
  async pyramid(pause: () => Promise<void>): Promise<FloatImages[]> {
    const { resolution, channels } = this.options, step = 32;
    const out = Array.from({ length: pyramidLevels(resolution) }, (_, level): FloatImages => {
      const data = new Float32Array(this.count * this.#image / 4 ** level);
      return { data, resolution: resolution / 2 ** level, channels };
    });
    for (let from = 0; from < this.count; from += step) {
      const end = Math.min(from + step, this.count) * this.#image;
      const data = Float32Array.from(this.#data.subarray(from * this.#image, end));
      for (
        const [i, level] of laplacianPyramid({ data, resolution, channels }, out.length).entries()
      ) {
        out[i]!.data.set(level.data, from * this.#image / 4 ** i);
      }
      await pause();
    }
    return out;
  }
}
