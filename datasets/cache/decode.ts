/** From an encoded file to one square picture. */
import {
  decodeSquare,
  openPicture,
  PictureError,
  type SquareOptions,
} from "../../core/images/mod.ts";

/** A decoded picture: `side` is its own power of two, see {@linkcode ownSide}. */
export interface DecodedImage {
  /** uint8 [side, side, channels]; of four channels, colours are multiplied by the opacity. */
  pixels: Uint8Array;
  side: number;
  /** Before fitting, upright, px. */
  width: number;
  height: number;
  /** Whether the picture has no colour, by its file or by all of its pixels. */
  isGrey: boolean;
  /** Whether no pixel is transparent. */
  isOpaque: boolean;
  /** What was passed over in reading it, for people. */
  notes: string[];
}

/** A file that is left out; its message is the reason. */
export class SkipError extends Error {
  override name = "SkipError";
}

/**
 * Decodes the first frame, upright, in sRGB, on the background or with its opacity, as a square by
 * `fit`.
 * @param bytes an encoded file
 * @param largest px a side that is never exceeded
 * @throws SkipError for what is empty, foreign, damaged or too large
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: SquareOptions,
  largest = 1024,
): Promise<DecodedImage> {
  const { fit, channels } = options;
  try {
    const picture = await openPicture(bytes);
    const { width, height, isGrey } = picture;
    const side = ownSide(width, height, fit, largest);
    const { pixels, channels: read } = await decodeSquare(picture, side, options);
    if (read !== channels) throw new SkipError(`expected ${channels} channels, received ${read}`);
    return {
      pixels,
      side,
      width,
      height,
      isGrey: isGrey || hasNoColour(pixels, channels),
      isOpaque: channels !== 4 || pixels.every((value, i) => i % 4 !== 3 || value === 255),
      notes: picture.notesOfFirst,
    };
  } catch (cause) {
    if (cause instanceof PictureError) throw new SkipError(cause.message, { cause });
    throw cause;
  }
}

/** Levels that channels of a grey may differ by: what JPEG leaves. */
const GREY_LEVELS = 3;

/** Whether all pixels are greys: scans and old photographs are often kept as RGB. */
function hasNoColour(pixels: Uint8Array, channels: number): boolean {
  if (channels === 1) return false; // not known
  for (let i = 0; i < pixels.length; i += channels) {
    const r = pixels[i]!, g = pixels[i + 1]!, b = pixels[i + 2]!; // three channels
    if (Math.max(r, g, b) - Math.min(r, g, b) > GREY_LEVELS) return false;
  }
  return true;
}

/**
 * The power of two just below a picture's own size: the base of its reductions. It depends on the
 * picture alone, so that a cache which grows later keeps what it has.
 */
export function ownSide(
  width: number,
  height: number,
  fit: SquareOptions["fit"],
  largest: number,
): number {
  const length = fit === "contain" ? Math.max(width, height) : Math.min(width, height);
  return Math.min(largest, Math.max(4, 2 ** Math.floor(Math.log2(length))));
}
