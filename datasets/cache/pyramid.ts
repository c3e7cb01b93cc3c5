/**
 * The sizes of one picture. Every size up to the picture's own comes from one Lanczos rendering by exact 2×2
 * means: so a reduction equals average pooling of any larger one up to rounding, which is what fading in a block assumes
 * (Karras et al., "Progressive Growing of GANs", 2018, whose data tool reduces by the same means). Larger sizes
 * than the picture's own are enlarged by Lanczos.
 */
import sharp from "sharp";

/**
 * @param pixels uint8 [side, side, channels]
 * @param resolutions px a side, powers of two
 * @returns for each resolution uint8 [resolution, resolution, channels]
 */
export async function pyramid(
  pixels: Uint8Array,
  side: number,
  channels: 1 | 3,
  resolutions: readonly number[],
): Promise<Uint8Array[]> {
  return await Promise.all(resolutions.map((resolution) => {
    if (resolution === side) return pixels;
    return resolution < side
      ? boxReduce(pixels, side, channels, resolution)
      : enlarge(pixels, side, channels, resolution);
  }));
}

/**
 * Means over blocks of (side / resolution)² pixels, rounded once.
 * @returns uint8 [resolution, resolution, channels]
 */
export function boxReduce(
  pixels: Uint8Array,
  side: number,
  channels: number,
  resolution: number,
): Uint8Array {
  const block = side / resolution,
    row = resolution * channels,
    sums = new Uint32Array(resolution * row);
  for (let y = 0, from = 0; y < side; y++) {
    const to = Math.floor(y / block) * row;
    for (let x = 0; x < side; x++) {
      const at = to + Math.floor(x / block) * channels;
      for (let c = 0; c < channels; c++) sums[at + c]! += pixels[from++]!; // inside by construction
    }
  }
  const area = block * block;
  return Uint8Array.from(sums, (sum) => Math.round(sum / area));
}

async function enlarge(
  pixels: Uint8Array,
  side: number,
  channels: 1 | 3,
  resolution: number,
): Promise<Uint8Array> {
  return await sharp(pixels, { raw: { width: side, height: side, channels } })
    .resize(resolution, resolution, { fit: "fill", kernel: "lanczos3" })
    .toColourspace(channels === 1 ? "b-w" : "srgb").raw().toBuffer();
}
