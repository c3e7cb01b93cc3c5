/** From an encoded file to one square picture, by sharp. */
import sharp from "sharp";
import { messageOf } from "../../core/text.ts";
import type { ImageOptions } from "../options.ts";

/** Decompression bombs stop here. */
const MAX_PIXELS = 64_000_000;

/** A decoded picture: `side` is its own power of two, see {@linkcode ownSide}. */
export interface DecodedImage {
  /** uint8 [side, side, channels]. */
  pixels: Uint8Array;
  side: number;
  /** Before fitting, upright, px. */
  width: number;
  height: number;
}

/** A file that is left out; its message is the reason. */
export class SkipError extends Error {
  override name = "SkipError";
}

/**
 * Decodes the first frame, upright, in sRGB, on the background, as a square by `fit`.
 * @param bytes an encoded file
 * @param largest px a side that is never exceeded
 * @throws SkipError for what is empty, foreign, damaged or too large
 */
export async function decodeImage(
  bytes: Uint8Array,
  options: ImageOptions,
  largest = 1024,
): Promise<DecodedImage> {
  if (bytes.length === 0) throw new SkipError("empty file");
  if (!isKnownFormat(bytes)) throw new SkipError("not an image, whatever its name says");
  try {
    const input = () => sharp(bytes, { failOn: "warning", limitInputPixels: MAX_PIXELS, pages: 1 });
    const { autoOrient: { width, height } } = await input().metadata();
    const side = ownSide(width, height, options.fit, largest);
    const image = input().autoOrient().flatten({ background: options.background })
      .resize(side, side, {
        fit: options.fit === "stretch" ? "fill" : options.fit,
        background: options.background,
        kernel: "lanczos3",
      });
    const { data, info } = await image.toColourspace(options.channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    if (info.channels !== options.channels) throw new Error(`received ${info.channels} channels`);
    return { pixels: data, side, width, height };
  } catch (cause) {
    throw new SkipError(reasonOf(messageOf(cause)), { cause });
  }
}

/**
 * The power of two just below a picture's own size: the base of its reductions. It depends on the picture alone,
 * so that a cache which grows later keeps what it has.
 */
export function ownSide(
  width: number,
  height: number,
  fit: ImageOptions["fit"],
  largest: number,
): number {
  const length = fit === "contain" ? Math.max(width, height) : Math.min(width, height);
  return Math.min(largest, Math.max(4, 2 ** Math.floor(Math.log2(length))));
}

/** First bytes of PNG, JPEG, GIF, WebP, TIFF and AVIF: nothing else is given to a decoder. */
function isKnownFormat(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 16));
  return head.startsWith("\x89PNG\r\n") || head.startsWith("\xff\xd8\xff") ||
    /^GIF8[79]a/.test(head) || /^RIFF[^]{4}WEBP/.test(head) || /^(II\*\0|MM\0\*)/.test(head) ||
    /^[^]{4}ftyp(avif|avis|mif1)/.test(head);
}

/** A library's message as one short line. */
function reasonOf(message: string): string {
  if (/pixel limit/i.test(message)) return `more than ${MAX_PIXELS / 1e6} megapixels`;
  return `damaged: ${
    message.split("\n").map((line) => line.trim()).filter(Boolean).join("; ").slice(0, 200)
  }`;
}
