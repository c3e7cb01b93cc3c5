/** Writes an enlarged picture in its original format, with its profile and metadata. */
import { Buffer } from "node:buffer";
import sharp, { type Sharp } from "sharp";
import { PictureError } from "../../../core/mod.ts";
import { joinApng } from "./apng.ts";
import type { Frame, OutputFormat, Picture } from "./picture.ts";

/** File extension of each format. */
export const EXTENSIONS: Readonly<Record<OutputFormat, string>> = {
  png: ".png",
  jpeg: ".jpg",
  webp: ".webp",
  tiff: ".tif",
  avif: ".avif",
  gif: ".gif",
};

/** Longest side that each format's encoder supports, px. */
const MOST_SIDE: Readonly<Record<OutputFormat, number>> = {
  png: 10_000_000,
  jpeg: 65_500, // libjpeg's limit
  webp: 16_383,
  tiff: 10_000_000,
  avif: 16_384,
  gif: 65_535,
};

/** Most pixels of a result over all frames: they take 4 GB as RGB with opacity while it is made. */
const MOST_PIXELS = 1e9;

/**
 * Rejects a picture before any work whose result could not be written.
 * @param scale of the result
 * @throws PictureError with the limit and what to do
 */
export function expectWritable({ frames, format }: Picture, scale: number): void {
  const { width, height } = frames[0]!.color; // there is at least one frame
  const [w, h] = [width * scale, height * scale], most = MOST_SIDE[format];
  const result = `enlarged by ${scale} it has ${w}×${h} px`;
  if (Math.max(w, h) > most) {
    throw new PictureError(
      `${result}, ${format.toUpperCase()} holds at most ${
        most.toLocaleString("en")
      } a side. Save it as PNG first, or use a smaller --scale`,
    );
  }
  if (w * h * frames.length > MOST_PIXELS) {
    throw new PictureError(
      `${result}${frames.length > 1 ? ` in ${frames.length} frames` : ""}, at most ${
        MOST_PIXELS / 1e6
      } megapixels are written. Use a smaller --scale, or cut it into parts`,
    );
  }
}

/**
 * Encodes a result.
 * @param picture the original
 * @param frames the result's, as many as the original has
 */
export async function encodePicture(
  picture: Picture,
  frames: readonly Frame[],
): Promise<Uint8Array> {
  const [first] = frames;
  if (!first) throw new RangeError("Cannot write a picture: expected frames, received none");
  if (frames.length === 1) {
    return new Uint8Array(
      await encoder(withMetadata(picture.source, first), picture, bytesOf(first)).toBuffer(),
    );
  }
  return picture.format === "png"
    ? await encodeApng(picture, frames)
    : await encodeFrames(picture, frames);
}

/**
 * sharp assigns no profile to a raw image but keeps the profile of the image it starts from. So the
 * original is resized and blackened, and then gets the new pixels by a bitwise OR, which is exact.
 */
function withMetadata(source: Uint8Array, { color, opacity }: Frame): Sharp {
  const { width, height } = color, channels = color.channels + (opacity ? 1 : 0);
  const pixels = interleave({ color, opacity });
  const zeros = Array.from({ length: channels }, () => 0);
  return sharp(source, { limitInputPixels: false }).autoOrient()
    .resize(width, height, { fit: "fill", kernel: "nearest" })
    .linear(zeros, zeros)
    .boolean(operand(pixels), "or", {
      // grey or RGB, with opacity or not
      raw: { width, height, channels: channels as 1 | 2 | 3 | 4 },
    })
    .keepMetadata()
    .toColourspace(spaceOf(color));
}

/** As sharp's operand: it takes 8 bits as a Buffer and recognizes 16 bits by the array's type. */
function operand(pixels: Uint8Array | Uint16Array): Buffer {
  // sharp takes any typed array
  if (pixels instanceof Uint16Array) return pixels as unknown as Buffer;
  return Buffer.from(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}

function spaceOf({ channels, data }: Frame["color"]): string {
  if (data instanceof Uint16Array) return channels === 1 ? "grey16" : "rgb16";
  return channels === 1 ? "b-w" : "srgb";
}

/** Millimetres per inch. */
const MM = 25.4;

/** TIFF offsets have 32 bits, and compression may not make the pixels smaller. */
const MANY_TIFF_BYTES = 3.9e9;

/**
 * High-quality settings, so that encoding does not lose what was just computed.
 * @param bytes size of the pixels
 */
function encoder(image: Sharp, picture: Picture, bytes: number): Sharp {
  const { format, isLossless, animation, density } = picture;
  const playing = animation
    ? { delay: animation.delays.map(milliseconds), loop: animation.loop }
    : {};
  switch (format) {
    case "jpeg":
      return image.jpeg({ quality: 95, chromaSubsampling: "4:4:4" });
    case "webp":
      return isLossless
        ? image.webp({ lossless: true, exact: true, ...playing })
        : image.webp({ quality: 95, ...playing });
    case "avif":
      return image.avif({ quality: 85, chromaSubsampling: "4:4:4" });
    case "tiff":
      return image.tiff({
        compression: "deflate",
        predictor: "horizontal",
        bigtiff: bytes > MANY_TIFF_BYTES,
        ...(density ? { xres: density / MM, yres: density / MM, resolutionUnit: "inch" } : {}),
      });
    case "gif":
      return image.gif({ ...playing });
    case "png":
      return image.png({ palette: false });
  }
}

const milliseconds = ([numerator, denominator]: [number, number]) =>
  Math.round(1000 * numerator / denominator);

/** Encodes frames stacked vertically, as sharp takes them for GIF, WebP and TIFF. */
async function encodeFrames(picture: Picture, frames: readonly Frame[]): Promise<Uint8Array> {
  const { color } = frames[0]!, { width, height } = color; // there is at least one frame
  const parts = frames.map(interleave), length = parts[0]!.length;
  const all = parts[0] instanceof Uint16Array
    ? new Uint16Array(length * parts.length)
    : new Uint8Array(length * parts.length);
  for (const [i, part] of parts.entries()) all.set(part, i * length);
  const channels = length / (width * height) as 1 | 2 | 3 | 4; // grey or RGB, with opacity or not
  const image = sharp(operand(all), {
    limitInputPixels: false,
    raw: { width, height: height * frames.length, channels, pageHeight: height },
  }).toColourspace(spaceOf(color));
  return new Uint8Array(await encoder(image, picture, all.byteLength).toBuffer());
}

async function encodeApng(picture: Picture, frames: readonly Frame[]): Promise<Uint8Array> {
  const pngs: Uint8Array[] = [];
  for (const frame of frames) {
    pngs.push(await withMetadata(picture.source, frame).png({ palette: false }).toBuffer());
  }
  const { delays, loop } = picture.animation ?? { delays: [], loop: 0 };
  return joinApng(pngs, { delays, loop });
}

function bytesOf({ color, opacity }: Frame): number {
  return color.data.byteLength + (opacity?.data.byteLength ?? 0);
}

function interleave({ color, opacity }: Frame): Uint8Array | Uint16Array {
  if (!opacity) return color.data;
  const { channels, data } = color, count = color.width * color.height;
  const length = count * (channels + 1);
  const out = data instanceof Uint16Array ? new Uint16Array(length) : new Uint8Array(length);
  for (let i = 0, o = 0; i < count; i++) {
    // in bounds, as on the next line
    for (let c = 0; c < channels; c++) out[o++] = data[i * channels + c]!;
    out[o++] = opacity.data[i]!;
  }
  return out;
}
