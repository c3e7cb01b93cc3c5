/** Pictures of every supported format, and mutations of them, for long runs of the decoders. */
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { latin1 } from "../../core/images/mod.ts";
import type { Random } from "../../core/random.ts";

/** Valid files by description, a few hundred bytes each. */
export async function pictureFiles(): Promise<Record<string, Uint8Array>> {
  const side = 24,
    noise = (channels: 1 | 2 | 3 | 4) => {
      const pixels = Uint8Array.from({ length: side * side * channels }, (_, i) => i * 7 % 251);
      return sharp(pixels, { raw: { width: side, height: side, channels } });
    };
  const frames = (channels: 3 | 4) => {
    const pixels = Uint8Array.from({ length: side * side * 3 * channels }, (_, i) => i * 5 % 253);
    const raw = { width: side, height: 3 * side, channels, pageHeight: side };
    return sharp(pixels, { raw });
  };
  const rgb = noise(3), rgba = noise(4), grey = noise(1);
  const made: Record<string, Sharp> = {
    png: rgb.clone().png(),
    "png, alpha, interlaced": rgba.clone().png({ progressive: true }),
    "png, palette": rgba.clone().png({ palette: true, colours: 8 }),
    "png, 16 bits, profile": rgb.clone().toColourspace("rgb16").withIccProfile("p3").png(),
    "png, grey": grey.clone().png(),
    jpeg: rgb.clone().jpeg(),
    "jpeg, progressive": rgb.clone().withMetadata({ orientation: 6 }).jpeg({ progressive: true }),
    "jpeg, grey": grey.clone().jpeg(),
    "jpeg, CMYK": rgb.clone().toColourspace("cmyk").jpeg(),
    gif: rgba.clone().gif(),
    "gif, frames": frames(4).gif({ delay: [50, 50, 50] }),
    webp: rgb.clone().webp(),
    "webp, lossless": rgba.clone().webp({ lossless: true }),
    "webp, frames": frames(4).webp(),
    tiff: rgb.clone().tiff({ compression: "none" }),
    "tiff, LZW": rgba.clone().tiff({ compression: "lzw", predictor: "horizontal" }),
    "tiff, deflate, tiles": rgb.clone().tiff({
      compression: "deflate",
      tile: true,
      tileWidth: 16,
      tileHeight: 16,
    }),
    "tiff, JPEG": rgb.clone().tiff({ compression: "jpeg" }),
    "tiff, packbits, 16 bits": rgb.clone().toColourspace("rgb16").tiff({ compression: "packbits" }),
    "tiff, CCITT": grey.clone().toColourspace("b-w").tiff({
      compression: "ccittfax4",
      bitdepth: 1,
    }),
  };
  const files: Record<string, Uint8Array> = { bmp: bmp(24), "bmp, 32 bits": bmp(32) };
  for (const [name, image] of Object.entries(made)) {
    files[name] = new Uint8Array(await image.toBuffer());
  }
  return files;
}

/** An uncompressed bitmap of 12 x 12 pixels. */
function bmp(bits: 24 | 32): Uint8Array {
  const data = 12 * 12 * bits / 8, bytes = new Uint8Array(54 + data).map((_, i) => i * 3);
  const view = new DataView(bytes.buffer);
  bytes.fill(0, 0, 54).set([66, 77]);
  for (const [at, value] of [[2, 54 + data], [10, 54], [14, 40], [18, 12], [22, 12], [34, data]]) {
    view.setUint32(at!, value!, true); // pairs of an offset and a value
  }
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  return bytes;
}

/** Values at which checks of lengths and sizes tend to fail. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0xffffffff];

/** A file with up to six changes; half of the PNGs get correct checksums. */
export function spoiled(whole: Uint8Array, others: Uint8Array[], random: Random): Uint8Array {
  let bytes = whole.slice();
  const place = () => random.integer(bytes.length);
  for (let left = 1 + random.integer(6); left > 0 && bytes.length > 8; left--) {
    const at = place(), length = 1 + random.integer(16), kind = random.integer(7);
    const before = bytes.subarray(0, at);
    if (kind === 0) bytes[at]! ^= 1 << random.integer(8); // in bounds
    else if (kind === 1) bytes[at] = random.integer(256);
    else if (kind === 2) bytes = joined(before, bytes.subarray(at + length));
    else if (kind === 3) {
      const put = Uint8Array.from({ length }, () => random.integer(256));
      bytes = joined(before, put, bytes.subarray(at));
    } else if (kind === 4) {
      const from = place();
      bytes = joined(before, bytes.subarray(from, from + 4 * length), bytes.subarray(at));
    } else if (kind === 5) {
      const other = others[random.integer(others.length)]!, from = random.integer(other.length);
      bytes.set(other.subarray(from, from + length).subarray(0, bytes.length - at), at);
    } else if (at + 4 <= bytes.length) {
      const value = EDGES[random.integer(EDGES.length)]!, view = new DataView(bytes.buffer, at, 4);
      if (random.integer(2)) view.setUint32(0, value, random.integer(2) === 0);
      else view.setUint16(0, value & 0xffff, random.integer(2) === 0);
    }
  }
  if (random.integer(20) === 0) bytes = bytes.slice(0, random.integer(bytes.length));
  return random.integer(2) ? withChecksums(bytes) : bytes;
}

const joined = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

/** Without them, a decoder rejects nearly every spoiled PNG before it unpacks it. */
function withChecksums(bytes: Uint8Array): Uint8Array {
  if (latin1(bytes.subarray(1, 4)) !== "PNG") return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 8 + view.getUint32(at);
    if (end + 4 > bytes.length) break;
    view.setUint32(end, crc32(bytes.subarray(at + 4, end)));
    at = end + 4;
  }
  return bytes;
}
