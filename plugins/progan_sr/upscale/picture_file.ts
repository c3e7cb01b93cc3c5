/** Pictures on disk, with what must survive: opacity, greyness, orientation, colour profile, metadata. */
import { Buffer } from "node:buffer";
import sharp, { type Sharp } from "sharp";
import { messageOf } from "../../../core/mod.ts";
import type { Pixels } from "./tiles.ts";

/** A decoded picture, upright. */
export interface Picture {
  /** Grey or RGB, in the file's own colour profile. */
  color: Pixels;
  /** One channel; absent where all is opaque. */
  opacity?: Pixels | undefined;
  /** The file with 8 bits a channel, grey or RGB: where the metadata come from when the result is written. */
  source: Uint8Array;
  format: PictureFormat;
}

/** Formats that are written. */
export type PictureFormat = "png" | "jpeg" | "webp" | "tiff" | "avif";
/** What each format's files end in. */
export const EXTENSIONS: Readonly<Record<PictureFormat, string>> = {
  png: ".png",
  jpeg: ".jpg",
  webp: ".webp",
  tiff: ".tif",
  avif: ".avif",
};

/**
 * Reads a picture to 8 bits a channel. EXIF's orientation is applied; colours stay in the file's own profile
 * (CMYK becomes sRGB).
 * @throws TypeError where the file is no picture that can be read
 */
export async function readPicture(path: string): Promise<Picture> {
  const file = await Deno.readFile(path).catch((cause) => {
    throw new Error(`Cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  try {
    const { format, hasAlpha, space } = await sharp(file).metadata();
    const isGrey = /^(b-w|grey16)$/.test(space ?? "");
    const source = await toEightBits(file, space);
    // As RGB where there is opacity, for sharp drops the opacity of raw grey.
    const { data, info } = await sharp(source, { ignoreIcc: true }).autoOrient()
      .toColourspace(isGrey && !hasAlpha ? "b-w" : "srgb").raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const { width, height, channels } = info;
    const part = (from: number, count: number): Pixels => ({
      data: count === channels ? new Uint8Array(data) : pick(data, channels, from, count),
      width,
      height,
      channels: count,
    });
    return {
      color: part(0, isGrey ? 1 : 3),
      opacity: hasAlpha ? part(channels - 1, 1) : undefined,
      source,
      format: formatOf(format),
    };
  } catch (cause) {
    throw new TypeError(`Cannot read ${path}: expected a picture (${messageOf(cause)})`, { cause });
  }
}

/** The same picture, of 8 bits a channel, grey or RGB, with its EXIF and, unless its colours are converted, its profile. */
async function toEightBits(file: Uint8Array, space: string | undefined): Promise<Uint8Array> {
  if (/^(srgb|rgb|b-w)$/.test(space ?? "")) return file;
  // The profile is kept, so it must not be applied: sharp would turn 16-bit colours into P3 whatever the profile says.
  const image = /^(rgb16|grey16)$/.test(space ?? "")
    ? sharp(file, { ignoreIcc: true }).keepIccProfile()
    : sharp(file);
  return await image.toColourspace(space === "grey16" ? "b-w" : "srgb").keepExif().png().toBuffer();
}

function formatOf(format: string | undefined): PictureFormat {
  if (format === "heif") return "avif";
  return format !== undefined && format in EXTENSIONS ? format as PictureFormat : "png"; // a key of it
}

function pick(data: Uint8Array, channels: number, from: number, count: number): Uint8Array {
  const out = new Uint8Array(data.length / channels * count);
  for (let i = 0, o = 0; i < data.length; i += channels) {
    for (let c = 0; c < count; c++) out[o++] = data[i + from + c]!; // inside
  }
  return out;
}

/**
 * Encodes a result in the picture's own format, with its EXIF (upright now) and colour profile.
 * @param color grey or RGB
 * @param opacity one channel of the same size
 */
export async function encodePicture(
  picture: Picture,
  color: Pixels,
  opacity: Pixels | undefined,
): Promise<Uint8Array> {
  const { width, height } = color, channels = (color.channels + (opacity ? 1 : 0)) as 1 | 2 | 3 | 4;
  const pixels = opacity ? interleave(color, opacity) : color.data;
  // sharp gives a raw image no profile, but keeps that of the image it starts from: so the picture itself, blackened,
  // gets the new pixels by an exact OR.
  const zeros = Array.from({ length: channels }, () => 0);
  const image = sharp(picture.source).autoOrient()
    .resize(width, height, { fit: "fill", kernel: "nearest" })
    .linear(zeros, zeros)
    .boolean(Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength), "or", {
      raw: { width, height, channels },
    })
    .keepExif().keepIccProfile()
    .toColourspace(color.channels === 1 ? "b-w" : "srgb");
  return new Uint8Array(await encoder(image, picture.format).toBuffer());
}

/** Gentle settings: an enlarged picture should not lose what was just computed. */
function encoder(image: Sharp, format: PictureFormat): Sharp {
  switch (format) {
    case "jpeg":
      return image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" });
    case "webp":
      return image.webp({ quality: 95 });
    case "avif":
      return image.avif({ quality: 85, chromaSubsampling: "4:4:4" });
    case "tiff":
      return image.tiff({ compression: "deflate" });
    case "png":
      return image.png({ palette: false });
  }
}

function interleave(color: Pixels, opacity: Pixels): Uint8Array {
  const { channels } = color, count = color.width * color.height;
  const out = new Uint8Array(count * (channels + 1));
  for (let i = 0, o = 0; i < count; i++) {
    for (let c = 0; c < channels; c++) out[o++] = color.data[i * channels + c]!; // inside, as the next
    out[o++] = opacity.data[i]!;
  }
  return out;
}
