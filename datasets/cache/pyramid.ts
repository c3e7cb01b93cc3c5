/**
 * The resolutions of a picture. Sizes up to the picture's own are derived from a single Lanczos
 * rendering by exact 2×2 means, so that downsampling equals average pooling of any larger size up
 * to rounding, which fade-ins rely on (Karras et al., "Progressive Growing of GANs", 2018, whose
 * data tool downsamples in the same way). Larger sizes are upsampled by Lanczos.
 */
import sharp from "sharp";
import { settleAll } from "../../core/settle_all.ts";
import type { ImageChannels } from "../../core/data.ts";

/**
 * @param pixels uint8 [side, side, channels]
 * @param resolutions sides in px, powers of two
 * @returns for each resolution uint8 [resolution, resolution, channels]
 */
export async function pyramid(
  pixels: Uint8Array,
  side: number,
  channels: ImageChannels,
  resolutions: readonly number[],
): Promise<Uint8Array[]> {
  const reduced = boxReductions(pixels, side, channels, Math.min(...resolutions));
  return await settleAll(resolutions.map((resolution) => {
    return reduced.get(resolution) ?? enlarge(pixels, side, channels, resolution);
  }));
}

/**
 * Means over blocks of (side / resolution)² pixels, each rounded once from its full sum.
 * @returns uint8 [resolution, resolution, channels] by resolution, from `side` down to `smallest`
 */
export function boxReductions(
  pixels: Uint8Array,
  side: number,
  channels: number,
  smallest: number,
): Map<number, Uint8Array> {
  const reduced = new Map([[side, pixels]]);
  let sums: ArrayLike<number> = pixels;
  for (let resolution = side / 2; resolution >= smallest; resolution /= 2) {
    sums = sumPairs(sums, resolution, channels);
    const area = (side / resolution) ** 2, means = new Uint8Array(sums.length);
    // both have the same length
    for (let i = 0; i < means.length; i++) means[i] = Math.round(sums[i]! / area);
    reduced.set(resolution, means);
  }
  return reduced;
}

/**
 * Sums 2×2 neighbours: [2 resolution, 2 resolution, channels] to [resolution, resolution,
 * channels].
 */
function sumPairs(from: ArrayLike<number>, resolution: number, channels: number): Uint32Array {
  const row = 2 * resolution * channels, sums = new Uint32Array(resolution * resolution * channels);
  for (let y = 0, to = 0; y < resolution; y++) {
    for (let x = 0; x < resolution; x++) {
      let at = 2 * y * row + 2 * x * channels;
      for (let c = 0; c < channels; c++, to++, at++) { // four pixels in range
        sums[to] = from[at]! + from[at + channels]! + from[at + row]! + from[at + row + channels]!;
      }
    }
  }
  return sums;
}

async function enlarge(
  pixels: Uint8Array,
  side: number,
  channels: ImageChannels,
  resolution: number,
): Promise<Uint8Array> {
  if (channels === 4) return await enlargeWithOpacity(pixels, side, resolution);
  return await sharp(pixels, { raw: { width: side, height: side, channels } })
    .resize(resolution, resolution, { fit: "fill", kernel: "lanczos3" })
    .toColourspace(channels === 1 ? "b-w" : "srgb").raw().toBuffer();
}

/**
 * Enlarges colours and alpha separately, because sharp would premultiply again; colours are clamped
 * to their alpha.
 */
async function enlargeWithOpacity(
  pixels: Uint8Array,
  side: number,
  resolution: number,
): Promise<Uint8Array> {
  const pick = (from: number, count: number) =>
    Uint8Array.from(
      { length: side * side * count },
      (_, i) => pixels[Math.floor(i / count) * 4 + from + i % count]!, // four channels
    );
  const color = await enlarge(pick(0, 3), side, 3, resolution);
  const opacity = await enlarge(pick(3, 1), side, 1, resolution);
  return Uint8Array.from({ length: resolution * resolution * 4 }, (_, i) => {
    const at = Math.floor(i / 4), c = i % 4;
    return c === 3 ? opacity[at]! : Math.min(color[at * 3 + c]!, opacity[at]!); // in range
  });
}
