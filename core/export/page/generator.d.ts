/** Types of generator.js, the exported generator of this folder. */

/** How a picture is drawn; everything but the seed has a default. */
export interface DrawPictureOptions {
  /** The same picture each time. */
  seed: number;
  /** Truncation: 1 draws from all, 0 the mean picture. Default 0.7. */
  truncation?: number;
  /** A class by name or number. */
  label?: string | number;
  /** Steps along directions, by their names. */
  directions?: Readonly<Record<string, number>>;
  /** Layers whose style is another seed's, from a first one on. */
  mix?: { seed: number; from: number };
  /** A latent of your own in the place of the seed's. */
  latent?: Float32Array;
}

/** A picture. */
export interface Picture {
  width: number;
  height: number;
  /** 1 is grey, 3 RGB, 4 RGB and opacity, where colours are multiplied by it. */
  channels: number;
  /** [height, width, channels] in [-1, 1]. */
  values: Float32Array;
  /** For `ImageData`. */
  rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** What generator.json tells. */
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

/** Draws pictures of seeds and latents. */
export interface LatentGenerator {
  readonly facts: LatentFacts;
  readonly computesOn: { backend: "webgpu" | "wasm" | "cpu"; text: string };
  generate(options: DrawPictureOptions): Promise<Picture>;
  generateMany(all: readonly DrawPictureOptions[]): Promise<Picture[]>;
}

/** Enlarges pictures of any size, in tiles. */
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
  /** @param picture e.g. an ImageData; what is transparent is laid on white */
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
  /** @param partial a raster [resolution, resolution] in [-1, 1], ink is 1 */
  complete(
    partial: Float32Array,
    options: { seeds: readonly number[]; part?: string; step?: number },
  ): Promise<(Picture & { merged: Float32Array; part: Float32Array; name?: string })[]>;
}

type Load<T> = (
  /** Default: the folder that this file is in. */
  place?: string | URL,
  options?: { backend?: "webgpu" | "wasm" | "cpu" },
) => Promise<T>;

/** Loads a generator that draws from latents. */
export const loadGenerator: Load<LatentGenerator>;
/** Loads a generator that enlarges pictures. */
export const loadEnlarger: Load<Enlarger>;
/** Loads a generator that goes on with drawings. */
export const loadCompleter: Load<Completer>;
