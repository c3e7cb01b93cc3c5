/**
 * The only reader of pictures: whatever the file's name, bit depth and profile, it returns upright
 * pixels in sRGB.
 */
import sharp, { type Metadata, type OutputInfo, type Sharp, type SharpOptions } from "sharp";
import { bmpSize, decodeBmp } from "./bmp.ts";
import { profileToSrgb, readIccProfile } from "./icc_profile.ts";
import { createQueue } from "./create_queue.ts";
import { isUsualJpeg, mendJpeg } from "./jpeg_headers.ts";
import { PictureError } from "./picture_error.ts";
import { latin1, type PictureFormat, pictureFormat } from "./picture_format.ts";
import { expectTiffChannels } from "./tiff_tags.ts";

/** Larger pictures are refused: 16,383² pixels of 16-bit RGBA fit into 2 GiB. */
export const MAX_PIXELS = 16_383 ** 2;

/**
 * Above this size, pictures are decoded one at a time, so that memory is bounded by one of them.
 */
const MANY_PIXELS = 32e6;

/** A picture whose headers have been read, but not its pixels. */
export interface OpenedPicture {
  format: PictureFormat;
  /** Width in px after orientation. */
  width: number;
  /** Height in px after orientation. */
  height: number;
  /** Whether it has one channel besides alpha. */
  isGrey: boolean;
  /** Whether it has an alpha channel. */
  hasAlpha: boolean;
  /** Bits per channel. */
  depth: 8 | 16;
  /** Frames of an animation or pages of a document; only the first is read. */
  frames: number;
  /** What was ignored in reading it, for people. */
  notes: string[];
  /**
   * The same, and that only the first of several frames is used: for callers that read no others.
   */
  notesOfFirst: string[];
  /** The input of the decoder: the file, with its headers repaired if necessary. */
  source: Uint8Array;
  metadata: Metadata;
  /**
   * Decodes the picture; `make` continues from upright pixels in sRGB or grey, 8 bits per channel.
   * @throws PictureError if the file is damaged
   */
  decode(
    make: (image: Sharp) => Sharp,
    options?: DecodeOptions,
  ): Promise<{ data: Uint8Array; info: OutputInfo }>;
}

/** How a picture is decoded. */
export interface DecodeOptions {
  /** Allows the decoder to shrink a larger picture, down to twice this shorter side in px. */
  least?: number;
  /** Keeps colours in the file's own profile and bit depth. Default false. */
  ownColors?: boolean;
  /** Frames to read, stacked vertically; -1 for all. Default 1. */
  pages?: number;
}

/**
 * Opens an encoded picture; its content determines the format.
 * @param bytes a whole file
 * @throws PictureError if it is empty, not a picture, damaged or too large
 */
export async function openPicture(
  bytes: Uint8Array,
  maxPixels = MAX_PIXELS,
): Promise<OpenedPicture> {
  const sniffed = pictureFormat(bytes);
  if ("reason" in sniffed) throw new PictureError(sniffed.reason);
  const { format } = sniffed;
  if (format === "bmp") expectSize(bmpSize(bytes), maxPixels);
  const { bytes: source, notes } = format === "jpeg"
    ? mendJpeg(bytes)
    : { bytes: format === "bmp" ? await bmpAsPng(bytes, maxPixels) : bytes, notes: [] };
  const strict = (options: SharpOptions = {}) =>
    sharp(source, { failOn: "warning", limitInputPixels: false, pages: 1, ...options });
  const metadata = await strict().metadata().catch((cause) => {
    if (format !== "tiff") throw damaged(cause, bytes);
    const reason = "a kind of TIFF that is not read, or damaged: export it as PNG or JPEG first";
    throw new PictureError(reason, { cause });
  });
  const { autoOrient: { width, height }, space, depth, hasAlpha } = metadata;
  expectSize({ width, height }, maxPixels);
  if (depth !== "uchar" && depth !== "ushort") {
    throw new PictureError(
      `pixels of type ${depth}, which are not read: export it with 8 or 16 bits a channel first`,
    );
  }
  const others = format === "tiff" ? expectTiffChannels(bytes) : 0;
  if (others > 0) {
    const plain = await colorsOnly(strict({ ignoreIcc: true }), space).catch((cause) => {
      throw damaged(cause, bytes);
    });
    const opened = await openPicture(plain, maxPixels);
    const note = `channels that are neither colour nor opacity were ignored: ${others}`;
    return withNotes({ ...opened, notes: [note, ...opened.notes] });
  }
  return withNotes({
    format,
    width,
    height,
    isGrey: /^(b-w|grey16)$/.test(space),
    hasAlpha,
    depth: depth === "ushort" ? 16 : 8,
    frames: metadata.pages ?? pngFrames(format, source),
    notes,
    source,
    metadata,
    decode: (make, options = {}) =>
      inTurn(width * height > MANY_PIXELS, async () => {
        try {
          const { ownColors, pages = 1, least } = options;
          const image = ownColors
            ? strict({ ignoreIcc: true, pages }).autoOrient()
            : await toSrgb((more) => strict({ ...more, pages }), metadata, least);
          return await make(image).toBuffer({ resolveWithObject: true });
        } catch (cause) {
          throw damaged(cause, bytes);
        }
      }),
  });
}

/** Adds the notes for callers that only read the first frame. */
function withNotes(opened: Omit<OpenedPicture, "notesOfFirst">): OpenedPicture {
  const { frames, notes } = opened;
  const first = frames > 1 ? [`only the first of ${frames} frames is used`] : [];
  return { ...opened, notesOfFirst: [...notes, ...first] };
}

function expectSize({ width, height }: { width: number; height: number }, maxPixels: number): void {
  if (width * height > maxPixels) throw PictureError.tooLarge(width, height, maxPixels);
}

async function bmpAsPng(bytes: Uint8Array, maxPixels: number): Promise<Uint8Array> {
  const { data, ...raw } = decodeBmp(bytes, maxPixels);
  return await sharp(data, { raw, limitInputPixels: false })
    .toColourspace(raw.channels === 1 ? "b-w" : "srgb") // a grey one would become RGB
    .png({ compressionLevel: 1 })
    .toBuffer();
}

/** A TIFF of the first page with only its colour channels; bit depth and profile are kept. */
async function colorsOnly(image: Sharp, space: string): Promise<Uint8Array> {
  return await image.keepMetadata().removeAlpha().pipelineColourspace(space).toColourspace(space)
    .tiff({ compression: "none" }).toBuffer();
}

/**
 * Upright pixels in sRGB. libvips converts 8 bits and CMYK well, but converts 16 bits to P3
 * instead, so those are converted here.
 */
async function toSrgb(
  strict: (options?: SharpOptions) => Sharp,
  { space, icc, autoOrient, hasAlpha }: Metadata,
  least = Infinity,
): Promise<Sharp> {
  if (!icc || !/^(rgb16|grey16)$/.test(space)) return strict().autoOrient();
  const isGrey = space === "grey16", profile = readIccProfile(icc);
  let deep = strict({ ignoreIcc: true }).autoOrient();
  const { width, height } = autoOrient, factor = 2 * least / Math.min(width, height);
  if (factor < 1) {
    deep = deep.resize(Math.round(width * factor), Math.round(height * factor), { fit: "fill" });
  }
  const channels = (isGrey ? 1 : 3) + (hasAlpha ? 1 : 0);
  const isFitting = profile?.space === (isGrey ? "GRAY" : "RGB");
  // table-based: lcms converts all kinds of profiles
  if (!isFitting) deep = deep.withIccProfile("srgb");
  const { data, info } = await deep.toColourspace(space).raw({ depth: "ushort" })
    .toBuffer({ resolveWithObject: true });
  const values = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
  const size = { width: info.width, height: info.height };
  const pixels = isFitting && info.channels === channels
    ? profileToSrgb(values, channels, profile)
    : Uint8Array.from(values, (value) => Math.round(value / 257));
  return sharp(pixels, { raw: { ...size, channels: info.channels }, limitInputPixels: false });
}

const inTurn = createQueue();

/** An error that depends on the file alone, because the decoder's own messages vary. */
function damaged(cause: unknown, bytes: Uint8Array): PictureError {
  if (cause instanceof PictureError) return cause;
  const reason = isCutShort(bytes) ? "damaged: it is cut short" : `damaged${unusualFormat(bytes)}`;
  return new PictureError(reason, { cause });
}

/** Other explanations than damage: variants of a format that few programs read. */
function unusualFormat(bytes: Uint8Array): string {
  const head = latin1(bytes.subarray(0, 4));
  if (/^(II|MM)/.test(head)) return ", or compressed in a rare way: save it with LZW or Deflate";
  if (!head.startsWith("\xff\xd8") || isUsualJpeg(bytes)) return "";
  return ", or a JPEG of 12 bits or without loss: export it as PNG or JPEG first";
}

/** Whether a file of a known format lacks its end; TIFF and AVIF have no end marker. */
function isCutShort(bytes: Uint8Array): boolean {
  const head = latin1(bytes.subarray(0, 12)), tail = latin1(bytes.subarray(-32));
  if (head.startsWith("\x89PNG")) return !tail.includes("IEND");
  if (head.startsWith("\xff\xd8")) return !tail.includes("\xff\xd9");
  if (head.startsWith("GIF")) return !/;\0*$/.test(tail);
  if (!/^RIFF[^]{4}WEBP/.test(head)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(4, true) + 8 > bytes.length; // what follows, in bytes
}

/** Frames of an animated PNG: its chunk acTL precedes the pixels. */
function pngFrames(format: PictureFormat, bytes: Uint8Array): number {
  if (format !== "png") return 1;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 16 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = latin1(bytes.subarray(at + 4, at + 8));
    if (type === "acTL") return Math.max(1, view.getUint32(at + 8));
    if (type === "IDAT") break;
  }
  return 1;
}
