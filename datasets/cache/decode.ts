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
    const { autoOrient: { width, height }, space, depth } = await input().metadata();
    const side = ownSide(width, height, options.fit, largest);
    const original = input();
    if (/^(b-w|grey16)$/.test(space) && !isNeutral(options.background)) {
      original.pipelineColourspace(depth === "ushort" ? "rgb16" : "srgb"); // else the background turns grey
    }
    const image = original.autoOrient().flatten({ background: options.background })
      .resize(side, side, {
        fit: options.fit === "stretch" ? "fill" : options.fit,
        background: options.background,
        kernel: "lanczos3",
      });
    const { data, info } = await image.toColourspace(options.channels === 1 ? "b-w" : "srgb")
      .raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    if (info.channels !== options.channels) {
      throw new SkipError(`expected ${options.channels} channels, received ${info.channels}`);
    }
    return { pixels: data, side, width, height };
  } catch (cause) {
    if (cause instanceof SkipError) throw cause;
    throw new SkipError(reasonOf(messageOf(cause), bytes), { cause });
  }
}

/**
 * Whether a colour is a grey.
 * @param colour "#rrggbb"
 */
export function isNeutral(colour: string): boolean {
  return /^#(..)\1\1$/i.test(colour);
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

/** Of the file alone, for the decoders' own words differ from time to time. */
function reasonOf(message: string, bytes: Uint8Array): string {
  if (/pixel limit/i.test(message)) return `more than ${MAX_PIXELS / 1e6} megapixels`;
  return isCutShort(bytes) ? "damaged: it is cut short" : "damaged";
}

/** Whether a file of a known format lacks its end; TIFF and AVIF have no mark of theirs. */
function isCutShort(bytes: Uint8Array): boolean {
  const head = String.fromCharCode(...bytes.subarray(0, 12));
  const tail = String.fromCharCode(...bytes.subarray(-32));
  if (head.startsWith("\x89PNG")) return !tail.includes("IEND");
  if (head.startsWith("\xff\xd8")) return !tail.includes("\xff\xd9");
  if (head.startsWith("GIF")) return !/;\0*$/.test(tail);
  if (!/^RIFF[^]{4}WEBP/.test(head)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(4, true) + 8 > bytes.length; // what follows, in bytes
}
