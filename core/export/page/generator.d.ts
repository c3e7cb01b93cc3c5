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
  /** 1 is grey, 3 RGB. */
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

/** Loads the generator of a folder; default: the one that this file is in. */
export function loadGenerator(
  place?: string | URL,
  options?: { backend?: "webgpu" | "wasm" | "cpu" },
): Promise<LatentGenerator>;
