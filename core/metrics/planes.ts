/** Shape of an 8-bit image [height, width, channels]. */
export interface ImageShape {
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
  channels: number;
}

/** Which parts of the images are compared. */
export interface CompareOptions extends ImageShape {
  /**
   * "rgb": each channel separately (the default). "y": BT.601 luma, 16 … 235, as in
   * super-resolution papers.
   */
  color?: "rgb" | "y";
  /** Pixels cropped from each border, often the scale factor. Default 0. */
  crop?: number;
}

/** The separate, cropped channels of an image. */
export interface Planes {
  planes: Float64Array[]; // each [height, width]
  width: number;
  height: number;
}

/**
 * Splits an image into the planes that PSNR and SSIM compare.
 *
 * Luma is Y = 16 + (65.481 R + 128.553 G + 24.966 B) / 255 (ITU-R BT.601), not rounded.
 * @param image uint8 [height, width, channels]
 * @throws RangeError if the length doesn't match, the crop leaves nothing, or luma is requested for
 * images that are not RGB
 */
export function imagePlanes(image: Uint8Array, options: CompareOptions): Planes {
  const { width, height, channels, color = "rgb", crop = 0 } = options;
  const inner = { width: width - 2 * crop, height: height - 2 * crop };
  if (image.length !== width * height * channels || inner.width < 1 || inner.height < 1) {
    throw new RangeError(
      `Cannot compare images: expected [${height}, ${width}, ${channels}] uint8 larger than ` +
        `twice the crop, ` +
        `received ${image.length} bytes and a crop of ${crop} px. Check the shape and the crop.`,
    );
  }
  if (color === "y" && channels !== 3) {
    throw new RangeError(
      `Cannot compare luma: expected 3 channels, received ${channels}. Take color "rgb" for ` +
        `grey images.`,
    );
  }
  const weights = color === "y"
    ? [[65.481 / 255, 128.553 / 255, 24.966 / 255]]
    : Array.from({ length: channels }, (_, c) => channels === 1 ? [1] : unit(c, channels));
  const planes = weights.map((weight) => {
    const plane = new Float64Array(inner.width * inner.height).fill(color === "y" ? 16 : 0);
    for (let i = 0; i < plane.length; i++) {
      const y = Math.floor(i / inner.width) + crop, x = i % inner.width + crop;
      const pixel = (y * width + x) * channels;
      for (let c = 0; c < channels; c++) plane[i]! += weight[c]! * image[pixel + c]!; // in range
    }
    return plane;
  });
  return { planes, ...inner };
}

function unit(at: number, length: number): number[] {
  return Array.from({ length }, (_, i) => i === at ? 1 : 0);
}
