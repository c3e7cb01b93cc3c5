/** Types of generator.js, the exported generator of this folder. */

/** How a picture is drawn; everything but the seed has a default. */
export interface DrawPictureOptions {
  /** Equal seeds give equal pictures. */
  seed: number;
  /** Truncation: 1 draws from the whole distribution, 0 the mean picture. Default 0.7. */
  truncation?: number;
  /** A class by name or index. */
  label?: string | number;
  /** Steps along directions, by name. */
  directions?: Readonly<Record<string, number>>;
  /** Takes the style of another seed for the layers from a given one on. */
  mix?: { seed: number; from: number };
  /** A custom latent instead of the seed's. */
  latent?: Float32Array;
}

/** A picture. */
export interface Picture {
  width: number;
  height: number;
  /** 1 is greyscale, 3 RGB, 4 RGBA with premultiplied colours. */
  channels: number;
  /** [height, width, channels] in [-1, 1]. */
  values: Float32Array;
  /** For `ImageData`. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** The facts in generator.json. */
export interface LatentFacts {
  kind: "latents";
  name: string;
  imagesSeen: number;
  resolution: number;
  channels: number;
  latentSize: number;
  labels: string[];
  layers: number;
  truncationCutoff: number | null;
  directions: { name: string; layers: number[] }[];
}

/** Draws pictures from seeds and latents. */
export interface LatentGenerator {
  readonly facts: LatentFacts;
  readonly computesOn: { backend: "webgpu" | "wasm" | "cpu"; text: string };
  generate(options: DrawPictureOptions): Promise<Picture>;
  generateMany(all: readonly DrawPictureOptions[]): Promise<Picture[]>;
}

/** Enlarges pictures of any size, tile by tile. */
export interface Enlarger {
  readonly facts: {
    kind: "enlarge";
    name: string;
    imagesSeen: number;
    resolution: number;
    channels: number;
    scale: number;
  };
  readonly computesOn: { backend: "webgpu" | "wasm" | "cpu"; text: string };
  /** @param picture e.g. an ImageData; transparent pixels are composited on white */
  enlarge(
    picture: { width: number; height: number; data: Uint8ClampedArray | Uint8Array },
    options?: { onTile?: (done: number) => void; signal?: AbortSignal },
  ): Promise<Picture>;
}

/** Draws the next parts of drawings. */
export interface Completer {
  readonly facts: {
    kind: "complete";
    name: string;
    imagesSeen: number;
    resolution: number;
    classes: string[];
    lineWidth: number;
  };
  readonly computesOn: { backend: "webgpu" | "wasm" | "cpu"; text: string };
  /** @param partial a raster [resolution, resolution] in [-1, 1]; ink is 1 */
  complete(
    partial: Float32Array,
    options: { seeds: readonly number[]; part?: string; step?: number },
  ): Promise<(Picture & { merged: Float32Array; part: Float32Array; name?: string })[]>;
}

type Load<T> = (
  /** Default: the folder of this file. */
  place?: string | URL,
  options?: { backend?: "webgpu" | "wasm" | "cpu" },
) => Promise<T>;

/** Loads a generator that draws from latents. */
export const loadGenerator: Load<LatentGenerator>;
/** Loads a generator that enlarges pictures. */
export const loadEnlarger: Load<Enlarger>;
/** Loads a generator that continues drawings. */
export const loadCompleter: Load<Completer>;
