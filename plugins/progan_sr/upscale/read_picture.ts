/**
 * Reads a picture to enlarge: its frames in their own bit depth and profile, and a list of what
 * will be lost.
 */
import sharp from "sharp";
import {
  MAX_PIXELS,
  type OpenedPicture,
  openPicture,
  PictureError,
  readPictureFile,
} from "../../../core/mod.ts";
import { type Apng, composeFrames, splitApng } from "./apng.ts";
import { gifEnd } from "./gif_end.ts";
import type { Frame, OutputFormat, Picture } from "./picture.ts";
import type { Pixels } from "./tiles.ts";

/**
 * Reads a picture file. EXIF orientation is applied; colours keep the file's own profile and bit
 * depth (except that CMYK becomes 8-bit sRGB, and AVIF is written with 8 bits).
 * @throws PictureError, or the file system's error
 */
export async function readPicture(path: string): Promise<Picture> {
  const opened = await openPicture(await readPictureFile(path));
  const { frames: count, format, metadata } = opened;
  const base = {
    format: formatOf(opened),
    isLossless: format === "webp" && isLosslessWebp(opened.source),
    notes: [...opened.notes],
    losses: lossesOf(opened),
  };
  if (count > 1) {
    expectFrames(opened);
    if (format === "gif") base.notes.push(...notesOfGifEnd(opened.source));
    if (format === "png") return { ...base, ...await readApng(opened) };
    if (format !== "avif") {
      const frames = await readFrames(opened).catch((error) => {
        if (error instanceof PictureError) return undefined; // e.g. frames of different sizes
        throw error;
      });
      if (frames) {
        return { ...base, losses: [...base.losses, ...lossesOfFrames(opened)], ...frames };
      }
    }
    base.losses.push(`all of its ${count} frames but the first, which alone is enlarged`);
  }
  const { frame, source } = await readFrame(opened);
  const single = base.format === "gif" ? "png" as const : base.format;
  return { ...base, format: single, frames: [frame], source, density: metadata.density };
}

/** All frames are held in memory at once. @throws PictureError where they are too many */
function expectFrames({ width, height, frames }: OpenedPicture): void {
  if (width * height * frames <= MAX_PIXELS) return;
  const megapixels = (pixels: number) => Math.floor(pixels / 1e6);
  throw new PictureError(
    `too large: ${frames} frames of ${width}×${height} are ${
      megapixels(width * height * frames)
    } megapixels, at most ${megapixels(MAX_PIXELS)} are read. Cut it into parts`,
  );
}

/** @throws PictureError where the last frame is truncated: the decoder would show part of it */
function notesOfGifEnd(source: Uint8Array): string[] {
  const end = gifEnd(source);
  if (end === "within") throw new PictureError("damaged: it is cut short");
  return end === "between" ? ["its end is missing, and with it perhaps further frames"] : [];
}

function formatOf({ format }: OpenedPicture): OutputFormat {
  return format === "bmp" ? "png" : format;
}

/** What no result can keep. */
function lossesOf({ format, depth, metadata }: OpenedPicture): string[] {
  const losses: string[] = [];
  if (metadata.space === "cmyk") losses.push("CMYK: its colours are sRGB now");
  if (format === "avif" && depth === 16) losses.push("more than 8 bits a channel: AVIF has 8 now");
  if (metadata.gainMap) losses.push("its gain map for bright screens");
  if (/\b(MotionPhoto|MicroVideo)="1"/.test(metadata.xmpAsString ?? "")) {
    losses.push("the film behind the photograph");
  }
  return losses;
}

/** What a result of several frames can't keep, unless it is an animated PNG. */
function lossesOfFrames({ depth, metadata: { icc, exif, xmp } }: OpenedPicture): string[] {
  const losses: string[] = [];
  if (icc && depth === 16) {
    losses.push("16 bits and its colour profile: its pages are 8-bit sRGB now");
  }
  const kinds = [...(exif ? ["EXIF"] : []), ...(xmp ? ["XMP"] : [])];
  if (kinds.length > 0) losses.push(`its ${kinds.join(" and ")}`);
  return losses;
}

/** Whether the first image of a WebP file is compressed losslessly. */
function isLosslessWebp(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const typeAt = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  const FRAME_HEADER = 24; // of ANMF, including the 8 bytes of the chunk header
  for (let at = 12; at + 8 <= bytes.length;) {
    const type = typeAt(at);
    if (type === "VP8L" || type === "VP8 ") return type === "VP8L";
    if (type === "ANMF") at += FRAME_HEADER;
    else {
      const size = view.getUint32(at + 4, true);
      at += 8 + size + size % 2;
    }
  }
  return false;
}

/** The first frame, and the file from which its result takes the metadata. */
async function readFrame(opened: OpenedPicture): Promise<{ frame: Frame; source: Uint8Array }> {
  const { metadata: { space }, format, isGrey, hasAlpha } = opened;
  const isDeep = opened.depth === 16 && format !== "avif";
  const isPlain = /^(srgb|rgb|b-w|rgb16|grey16)$/.test(space) && (opened.depth === 8 || isDeep);
  // Grey with opacity is decoded as RGB, because sharp drops the opacity of raw grey.
  const target = spaceOf(isGrey && !hasAlpha, isDeep);
  const { data, info } = await opened.decode(
    (image) => image.toColourspace(target).raw({ depth: isDeep ? "ushort" : "uchar" }),
    { ownColors: space !== "cmyk" },
  );
  const [frame] = framesOf(data, { ...info, pages: 1, isGrey, hasAlpha, isDeep });
  // a single page
  return { frame: frame!, source: isPlain ? opened.source : await asEightBits(opened) };
}

function spaceOf(isGrey: boolean, isDeep: boolean): string {
  if (isGrey) return isDeep ? "grey16" : "b-w";
  return isDeep ? "rgb16" : "srgb";
}

/**
 * The same picture in 8 bits, grey or RGB, with its metadata and, unless its colours were
 * converted, its profile.
 */
async function asEightBits(
  { source, metadata: { space }, isGrey }: OpenedPicture,
): Promise<Uint8Array> {
  const target = isGrey ? "b-w" : "srgb", limitInputPixels = false;
  const image = space === "cmyk"
    ? sharp(source, { limitInputPixels }).keepExif().keepXmp()
    : sharp(source, { limitInputPixels, ignoreIcc: true }).keepMetadata();
  return await image.toColourspace(target).png({ compressionLevel: 1 }).toBuffer();
}

type Animated = Pick<Picture, "frames" | "source" | "animation" | "density">;

/** All frames of a GIF or WebP, or pages of a TIFF, converted to sRGB where they have a profile. */
async function readFrames(opened: OpenedPicture): Promise<Animated> {
  const { frames: count, metadata, isGrey, hasAlpha } = opened;
  const isDeep = opened.depth === 16 && !metadata.icc; // a conversion gives 8 bits
  const { data, info } = await opened.decode(
    (image) =>
      image.toColourspace(isDeep ? "rgb16" : "srgb").raw({ depth: isDeep ? "ushort" : "uchar" }),
    { pages: -1, ownColors: isDeep },
  );
  if (info.height % count !== 0) throw new PictureError("pages of several sizes");
  const delays = (metadata.delay ?? []).map((ms): [number, number] => [ms, 1000]);
  return {
    frames: framesOf(data, {
      ...info,
      pages: count,
      isGrey,
      hasAlpha: hasAlpha || info.channels === 4,
      isDeep,
    }),
    source: opened.source,
    animation: { delays, loop: metadata.loop ?? 0 },
    density: metadata.density,
  };
}

async function readApng(opened: OpenedPicture): Promise<Animated> {
  const apng: Apng = splitApng(opened.source), isDeep = opened.depth === 16;
  // it may have more frames than it declares
  expectFrames({ ...opened, frames: apng.frames.length });
  const parts: (Uint8Array | Uint16Array)[] = [];
  for (const { png } of apng.frames) {
    const part = await openPicture(png);
    const { data } = await part.decode(
      (image) =>
        image.ensureAlpha().toColourspace(isDeep ? "rgb16" : "srgb")
          .raw({ depth: isDeep ? "ushort" : "uchar" }),
      { ownColors: true },
    );
    parts.push(valuesOf(data, isDeep));
  }
  const { width, height } = apng, whole = composeFrames(apng, parts);
  const most = isDeep ? 65535 : 255;
  const hasAlpha = whole.some((frame) => frame.some((value, i) => i % 4 === 3 && value !== most));
  return {
    frames: whole.map((data) => ({
      color: pick({ data, width, height, channels: 4 }, 0, opened.isGrey ? 1 : 3),
      ...(hasAlpha ? { opacity: pick({ data, width, height, channels: 4 }, 3, 1) } : {}),
    })),
    source: await sharp(opened.source, { limitInputPixels: false, ignoreIcc: true })
      .keepMetadata()[hasAlpha ? "ensureAlpha" : "removeAlpha"]()
      .toColourspace(spaceOf(opened.isGrey, isDeep)).png({ compressionLevel: 1 }).toBuffer(),
    animation: { delays: apng.frames.map(({ delay }) => delay), loop: apng.loop },
  };
}

function valuesOf(data: Uint8Array, isDeep: boolean): Uint8Array | Uint16Array {
  return isDeep
    ? new Uint16Array(data.buffer, data.byteOffset, data.byteLength / 2)
    : new Uint8Array(data);
}

/** Splits frames stacked vertically into colour and opacity. */
function framesOf(
  data: Uint8Array,
  { width, height, channels, pages, isGrey, hasAlpha, isDeep }: {
    width: number;
    height: number;
    channels: number;
    pages: number;
    isGrey: boolean;
    hasAlpha: boolean;
    isDeep: boolean;
  },
): Frame[] {
  const values = valuesOf(data, isDeep), size = { width, height: height / pages, channels };
  const length = values.length / pages;
  return Array.from({ length: pages }, (_, i): Frame => {
    const all = { ...size, data: values.subarray(i * length, (i + 1) * length) };
    return {
      color: pick(all, 0, isGrey ? 1 : 3),
      ...(hasAlpha ? { opacity: pick(all, channels - 1, 1) } : {}),
    };
  });
}

/** Extracts `count` channels of a picture, starting at channel `from`. */
function pick({ data, channels, ...size }: Pixels, from: number, count: number): Pixels {
  if (count === channels) return { ...size, channels, data };
  const length = data.length / channels * count;
  const out = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0, o = 0; i < data.length; i += channels) {
    for (let c = 0; c < count; c++) out[o++] = data[i + from + c]!; // in bounds
  }
  return { ...size, channels: count, data: out };
}
