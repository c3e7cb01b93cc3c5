/** Tiny pictures for tests, and how they are opened. */
import { join } from "node:path";
import sharp from "sharp";
import { Random, seedFor } from "../core/random.ts";
import type { DatasetOptions } from "./options.ts";

/** A PNG of a single colour. */
export async function plainPng(
  colour: { r: number; g: number; b: number; alpha?: number },
  width = 8,
  height = width,
): Promise<Uint8Array> {
  const channels = colour.alpha === undefined ? 3 : 4;
  return await sharp({ create: { width, height, channels, background: colour } }).png().toBuffer();
}

/** A PNG of noise, which hardly compresses: three bytes per pixel. */
export async function noisePng(side: number, seed: number): Promise<Uint8Array> {
  const random = new Random(seedFor(seed, "noise"));
  const pixels = Uint8Array.from({ length: side * side * 3 }, () => 256 * random.uniform());
  return await sharp(pixels, { raw: { width: side, height: side, channels: 3 } }).png().toBuffer();
}

/** A PNG whose pixels are all different; red encodes the column, green the row. */
export async function gradientPng(width: number, height = width, blue = 0): Promise<Uint8Array> {
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i += 3) pixels.set([x * 7 % 256, y * 5 % 256, blue], i);
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } }).png().toBuffer();
}

/**
 * How a test opens the pictures in `in` of its folder: up to 8 px, none held out, cached beside
 * them.
 */
export function imagesIn(folder: string, options: Partial<DatasetOptions> = {}): DatasetOptions {
  return {
    kind: "images",
    source: join(folder, "in"),
    cacheDir: join(folder, "cache"),
    maxResolution: 8,
    heldOut: 0,
    ...options,
  };
}
