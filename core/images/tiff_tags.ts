/**
 * Reads what the headers of a TIFF say about its channels (TIFF 6.0 and BigTIFF, in both byte
 * orders).
 */
import { PictureError } from "./picture_error.ts";

/** Tags of TIFF 6.0. */
const COMPRESSION = 259, PHOTOMETRIC_INTERPRETATION = 262, EXTRA_SAMPLES = 338;

/** Compressions whose decoder converts YCbCr to RGB: old-style and new-style JPEG. */
const JPEGS = [6, 7];

const YCBCR = 6, UNSPECIFIED = 0;

/**
 * Counts the extra channels that are not alpha, such as infrared: decoders take the last one for
 * alpha, whatever the file says.
 * @param bytes a TIFF
 * @returns how many
 * @throws PictureError for channels that a decoder would misinterpret
 */
export function expectTiffChannels(bytes: Uint8Array): number {
  const tags = tiffTags(bytes), [photometric] = tags.get(PHOTOMETRIC_INTERPRETATION) ?? [];
  const [compression = 1] = tags.get(COMPRESSION) ?? [], extra = tags.get(EXTRA_SAMPLES) ?? [];
  if (photometric === YCBCR && !JPEGS.includes(compression)) {
    throw new PictureError(
      "colours in YCbCr that are not packed as JPEG, which are not read: save it as RGB first",
    );
  }
  const others = extra.filter((kind) => kind === UNSPECIFIED).length;
  if (extra.length > 1 && others < extra.length) {
    throw new PictureError(
      "more channels than colours and opacity, which are not read: export it as PNG first",
    );
  }
  return others;
}

/** Sizes in bytes of the integer types: byte, short and long. */
const SIZES: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 };

/** Longer lists don't describe channels. */
const MAX_VALUES = 64;

/** Integers of the first directory, by tag; values outside the file are omitted. */
export function tiffTags(bytes: Uint8Array): Map<number, number[]> {
  const tags = new Map<number, number[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const number = (at: number, size: number): number => {
    if (at + size > bytes.length) return 0;
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, isLittle);
    return size === 4 ? view.getUint32(at, isLittle) : Number(view.getBigUint64(at, isLittle));
  };
  const isBig = number(2, 2) === 43;
  const [word, counter, entry] = isBig ? [8, 8, 20] as const : [4, 2, 12] as const; // bytes
  const first = number(isBig ? 8 : 4, word), count = number(first, counter);
  for (let i = 0, at = first + counter; i < count && at + entry <= bytes.length; i++, at += entry) {
    const size = SIZES[number(at + 2, 2)], length = number(at + 4, word);
    if (size === undefined || length > MAX_VALUES) continue;
    const place = at + 4 + word;
    const from = size * length <= word ? place : number(place, word);
    tags.set(number(at, 2), Array.from({ length }, (_, k) => number(from + k * size, size)));
  }
  return tags;
}
