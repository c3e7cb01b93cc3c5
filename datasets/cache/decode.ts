/** Decodes an encoded file to a square picture. */
import {
  decodeSquare,
  openPicture,
  PictureError,
  type SquareOptions,
} from "../../core/images/mod.ts";

/** A decoded picture; `side` is its own power of two, see {@linkcode ownSide}. */
export interface DecodedImage {
  /** uint8 [side, side, channels]; with four channels, colours are premultiplied. */
  pixels: Uint8Array;
  side: number;
  /** In px, upright, before fitting. */
  width: number;
  height: number;
  /** Whether the picture is greyscale, by its format or by all of its pixels. */
  isGrey: boolean;
  /** Whether no pixel is transparent. */
  isOpaque: boolean;
  /** What was ignored in reading it, for people. */
  notes: string[];
}

/** A file that is skipped; its message is the reason. */
export class SkipError extends Error {
  override name = "SkipError";
}

/**
 * Decodes the first frame, upright, in sRGB, on the background or with alpha, and fits it to a
 * square.
 * @param bytes an encoded file
 * @param largest largest side in px
 * @throws SkipError if the file is empty, of another kind, damaged or too large
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

/** Largest difference between the channels of a grey pixel, which JPEG compression may cause. */
const GREY_LEVELS = 3;

/** Whether all pixels are grey: scans and old photographs are often stored as RGB. */
function hasNoColour(pixels: Uint8Array, channels: number): boolean {
  if (channels === 1) return false; // not known
  for (let i = 0; i < pixels.length; i += channels) {
    const r = pixels[i]!, g = pixels[i + 1]!, b = pixels[i + 2]!; // three channels
    if (Math.max(r, g, b) - Math.min(r, g, b) > GREY_LEVELS) return false;
  }
  return true;
}

/**
 * The largest power of two within a picture's own size, from which it is downsampled. It depends on
 * the picture only, so that a cache that is extended later keeps its pixels.
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
