/** Draws pictures side by side into one PNG. */
import sharp from "sharp";
import type { ImageChannels } from "../data.ts";
import { writeWhole } from "../write_whole.ts";
import { onCheckerboard, unpremultiply } from "./opacity.ts";
import { MAX_PIXELS } from "./open_picture.ts";

/** Images in main memory, NHWC in [-1, 1]; the channels are as in {@linkcode ImageChannels}. */
export interface HostImages {
  /** Row-major; values outside the range are clamped. */
  data: Float32Array;
  /** [N, H, W, C]. */
  shape: readonly number[];
}

/** A picture as bytes. */
export interface RawPicture {
  /** uint8 [height, width, channels]. */
  pixels: Uint8Array;
  /** In pixels. */
  width: number;
  /** In pixels. */
  height: number;
  /** 1 is greyscale, 3 RGB, 4 RGBA, not premultiplied, as in files. */
  channels: ImageChannels;
}

/** How a grid is laid out. */
export interface GridOptions {
  /** Cells per row. Default: as close to a square as possible. */
  columns?: number;
  /** Integer enlargement by repeating pixels, so that 4-px samples are visible. Default 1. */
  scale?: number;
  /** Space between cells and around them, in px of the result. Default 0. */
  gap?: number;
  /** Grey level of gaps and empty cells, 0–255. Default 255. */
  background?: number;
  /**
   * Keeps the alpha channel in the file; otherwise transparent images are drawn on a checkerboard.
   */
  transparent?: boolean;
}

/**
 * Writes a grid as PNG; the file appears at once and complete.
 * @param images NHWC in [-1, 1]; values outside are clamped
 * @throws TypeError for a shape that is not [N, H, W, 1, 3 or 4]
 */
export async function writeGrid(
  path: string,
  images: HostImages,
  options: GridOptions = {},
): Promise<void> {
  await writePicture(path, renderGrid(images, options));
}

/** Writes a picture as PNG; the file appears at once and complete. */
export async function writePicture(path: string, picture: RawPicture): Promise<void> {
  await writeWhole(path, await encodePng(picture));
}

/** Encodes a picture as a PNG file. */
export async function encodePng(
  { pixels, width, height, channels }: RawPicture,
): Promise<Uint8Array> {
  return await sharp(pixels, { raw: { width, height, channels } })
    .toColourspace(channels === 1 ? "b-w" : "srgb").png({ compressionLevel: 6 }).toBuffer();
}

/** Lays images out row by row. */
export function renderGrid(images: HostImages, options: GridOptions = {}): RawPicture {
  const { data, shape } = images;
  const [count = 0, rows = 0, cells = 0, channels = 0] = shape;
  const isWhole = shape.length === 4 && shape.every((size) => Number.isInteger(size) && size > 0);
  if (
    !isWhole || (channels !== 1 && channels !== 3 && channels !== 4) ||
    data.length !== count * rows * cells * channels
  ) {
    throw new TypeError(
      `Cannot draw a grid: expected images [N, H, W, 1, 3 or 4], received [${shape}] with ` +
        `${data.length} numbers`,
    );
  }
  const { columns, scale, gap, width, height } = gridSize(images.shape, options);
  const stepX = cells * scale + gap, stepY = rows * scale + gap, { background = 255 } = options;
  const pixels = new Uint8Array(width * height * channels).fill(background);
  for (let n = 0; n < count; n++) {
    const left = gap + (n % columns) * stepX, top = gap + Math.floor(n / columns) * stepY;
    for (let y = 0; y < rows * scale; y++) {
      const from = (n * rows + Math.floor(y / scale)) * cells, to = (top + y) * width + left;
      for (let x = 0; x < cells * scale; x++) {
        const source = (from + Math.floor(x / scale)) * channels, target = (to + x) * channels;
        for (let c = 0; c < channels; c++) pixels[target + c] = toByte(data[source + c]!); // inside
      }
    }
  }
  if (channels !== 4) return { pixels, width, height, channels };
  return options.transparent
    ? { pixels: unpremultiply(pixels), width, height, channels }
    : { pixels: onCheckerboard(pixels, width), width, height, channels: 3 };
}

/** Longest side in px of a PNG that other programs read. */
const LONGEST_SIDE = 1_000_000;

/**
 * The size of a grid in px, with defaults for the options that are not given.
 * @param shape of its images, [N, H, W, …]
 * @throws RangeError for invalid options, or a picture too large to be written
 */
export function gridSize(
  [count = 0, rows = 0, cells = 0]: readonly number[],
  { columns = Math.ceil(Math.sqrt(count)), scale = 1, gap = 0 }: GridOptions = {},
): { columns: number; scale: number; gap: number; width: number; height: number } {
  for (
    const [name, value, least] of [["columns", columns, 1], ["scale", scale, 1], [
      "gap",
      gap,
      0,
    ]] as const
  ) {
    if (!Number.isInteger(value) || value < least) {
      throw new RangeError(
        `Cannot draw a grid: expected ${name} to be ${least} or more, received ${value}`,
      );
    }
  }
  const width = columns * (cells * scale + gap) + gap;
  const height = Math.ceil(count / columns) * (rows * scale + gap) + gap;
  if (width * height > MAX_PIXELS || Math.max(width, height) > LONGEST_SIDE) {
    throw new RangeError(
      `Cannot draw a grid: expected at most ${Math.floor(MAX_PIXELS / 1e6)} megapixels and ` +
        `${LONGEST_SIDE} px a side, received ${width} × ${height} px`,
    );
  }
  return { columns, scale, gap, width, height };
}

/** Converts [-1, 1] to 0 … 255, rounded and clamped; NaN becomes 0. */
export function toByte(value: number): number {
  return Math.max(0, Math.min(255, Math.round((value + 1) * 127.5))) || 0;
}
