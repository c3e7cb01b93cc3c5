/** Decodes Windows bitmaps, which the decoder of the other formats does not support. */
import { PictureError } from "./picture_error.ts";

/** A decoded bitmap. */
export interface Bitmap {
  /** Grey, RGB or RGBA, rows from the top. */
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
}

/** The content of the headers. */
interface Header {
  width: number;
  height: number;
  isTopDown: boolean;
  bits: number;
  compression: number;
  offset: number;
  /** RGB of palette entries, [entries, 3]. */
  palette: Uint8Array;
  /** Bit masks of red, green, blue, alpha. */
  masks: readonly number[];
}

/** The format's numbers of compression methods. */
const RGB = 0, RLE8 = 1, RLE4 = 2, BITFIELDS = 3, ALPHABITFIELDS = 6;

const CUT_SHORT = "damaged: it is cut short";

/**
 * Decodes a BMP of 1, 4, 8, 16, 24 or 32 bits per pixel, run-length encoded or not.
 * @param bytes the whole file
 * @param maxPixels larger pictures are refused before memory is allocated
 * @throws PictureError if the file is damaged, too large or of another kind
 */
export function decodeBmp(bytes: Uint8Array, maxPixels: number): Bitmap {
  const header = readHeader(bytes, maxPixels);
  const { bits, compression } = header;
  if (compression === RLE8 || compression === RLE4) return decodeRuns(bytes, header);
  if (bits <= 8) return decodeIndexed(bytes, header);
  return decodeDirect(bytes, header);
}

/** Reads the size of a BMP from its header. */
export function bmpSize(bytes: Uint8Array): { width: number; height: number } {
  const { width, height } = readHeader(bytes, Infinity);
  return { width, height };
}

function readHeader(bytes: Uint8Array, maxPixels: number): Header {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 26) throw new PictureError(CUT_SHORT);
  const offset = view.getUint32(10, true), size = view.getUint32(14, true), isCore = size === 12;
  if (bytes.length < (isCore ? 26 : 54)) throw new PictureError(CUT_SHORT);
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const signed = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const height = Math.abs(signed);
  const bits = view.getUint16(isCore ? 24 : 28, true);
  const compression = isCore ? RGB : view.getUint32(30, true);
  if (width < 1 || height < 1) throw new PictureError("damaged: a bitmap without pixels");
  if (width * height > maxPixels) throw PictureError.tooLarge(width, height, maxPixels);
  if (!isKnown(bits, compression)) {
    throw new PictureError(
      `a BMP of ${bits} bits packed by method ${compression}, which is not read: export it as ` +
        `PNG first`,
    );
  }
  const after = 14 + size;
  const masks = isMasked(compression)
    ? readMasks(view, size, compression)
    : bits === 16
    ? [0x7c00, 0x3e0, 0x1f, 0]
    : [0xff0000, 0xff00, 0xff, 0];
  const entry = isCore ? 3 : 4, used = isCore ? 0 : view.getUint32(46, true);
  const count = bits > 8 ? 0 : Math.min(used || 2 ** bits, 2 ** bits);
  const palette = new Uint8Array(3 * count);
  if (bytes.length < after + entry * count) throw new PictureError(CUT_SHORT);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[after + entry * i + 2 - c]!; // B, G, R
  }
  return { width, height, isTopDown: signed < 0, bits, compression, offset, palette, masks };
}

const isMasked = (compression: number) =>
  compression === BITFIELDS || compression === ALPHABITFIELDS;

function isKnown(bits: number, compression: number): boolean {
  if (compression === RLE8) return bits === 8;
  if (compression === RLE4) return bits === 4;
  if (isMasked(compression)) return bits === 16 || bits === 32;
  return compression === RGB && [1, 4, 8, 16, 24, 32].includes(bits);
}

/** The masks follow a header of 40 bytes; longer headers contain them at the same offset. */
function readMasks(view: DataView, size: number, compression: number): number[] {
  const count = size >= 56 || compression === ALPHABITFIELDS ? 4 : 3;
  if (view.byteLength < 54 + 4 * count) throw new PictureError(CUT_SHORT);
  return Array.from({ length: 4 }, (_, i) => i < count ? view.getUint32(54 + 4 * i, true) : 0);
}

function rowBytes({ width, bits }: Header): number {
  return Math.ceil(width * bits / 32) * 4;
}

/**
 * Checks that all rows are present, and returns the bytes per row. @throws PictureError if one is
 * missing
 */
function expectRows(bytes: Uint8Array, header: Header): number {
  // the last row may lack its padding
  const row = rowBytes(header), last = Math.ceil(header.width * header.bits / 8);
  if (bytes.length < header.offset + row * (header.height - 1) + last) {
    throw new PictureError(CUT_SHORT);
  }
  return row;
}

function decodeIndexed(bytes: Uint8Array, header: Header): Bitmap {
  const { width, height, isTopDown, bits, offset } = header, row = expectRows(bytes, header);
  const indices = new Uint8Array(width * height), mask = 2 ** bits - 1, each = 8 / bits;
  for (let y = 0; y < height; y++) {
    const from = offset + row * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++) {
      const byte = bytes[from + Math.floor(x / each)]!; // expectRows() counted them
      indices[y * width + x] = byte >> (8 - bits * (x % each + 1)) & mask;
    }
  }
  return paint(indices, header);
}

function paint(indices: Uint8Array, { width, height, palette }: Header): Bitmap {
  if (isGreyPalette(palette)) {
    const data = Uint8Array.from(indices, (index) => palette[3 * index] ?? 0); // beyond it: black
    return { data, width, height, channels: 1 };
  }
  const data = new Uint8Array(3 * indices.length);
  for (const [i, index] of indices.entries()) {
    data.set(palette.subarray(3 * index, 3 * index + 3), 3 * i); // beyond the palette: black
  }
  return { data, width, height, channels: 3 };
}

function isGreyPalette(palette: Uint8Array): boolean {
  for (let i = 0; i < palette.length; i += 3) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) return false;
  }
  return true;
}

/**
 * Run-length encoding: pairs of (count, value); a count of 0 ends a row or the picture, jumps, or
 * is followed by literal values.
 */
function decodeRuns(bytes: Uint8Array, header: Header): Bitmap {
  const { width, height, bits, offset, isTopDown } = header;
  const indices = new Uint8Array(width * height);
  let x = 0, y = 0, at = offset;
  const put = (value: number) => {
    if (x >= width || y >= height) throw new PictureError("damaged: a run leaves the bitmap");
    indices[(isTopDown ? y : height - 1 - y) * width + x++] = value;
  };
  const valueAt = (byte: number, i: number) =>
    bits === 8 ? byte : i % 2 === 0 ? byte >> 4 : byte & 15;
  for (;;) {
    if (at + 2 > bytes.length) throw new PictureError(CUT_SHORT);
    const count = bytes[at]!, value = bytes[at + 1]!; // in range, as checked above
    at += 2;
    if (count > 0) { for (let i = 0; i < count; i++) put(valueAt(value, i)); }
    else if (value === 1) break;
    else if (value === 0) [x, y] = [0, y + 1];
    else if (value === 2) {
      if (at + 2 > bytes.length) throw new PictureError(CUT_SHORT);
      [x, y, at] = [x + bytes[at]!, y + bytes[at + 1]!, at + 2];
    } else {
      const length = bits === 8 ? value : Math.ceil(value / 2);
      if (at + length > bytes.length) throw new PictureError(CUT_SHORT);
      for (let i = 0; i < value; i++) put(valueAt(bytes[at + (bits === 8 ? i : i >> 1)]!, i));
      at += length + length % 2; // padded to 16 bits
    }
  }
  return paint(indices, header);
}

function decodeDirect(bytes: Uint8Array, header: Header): Bitmap {
  const { width, height, isTopDown, bits, offset, masks } = header;
  const row = expectRows(bytes, header), size = bits / 8;
  const parts = masks.map(channelReader);
  const hasAlpha = masks[3] !== 0, channels = hasAlpha ? 4 : 3;
  const data = new Uint8Array(width * height * channels);
  let o = 0, isVisible = false;
  for (let y = 0; y < height; y++) {
    let at = offset + row * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x++, at += size) {
      let pixel = 0;
      for (let i = size - 1; i >= 0; i--) pixel = pixel * 256 + bytes[at + i]!; // little-endian
      for (let c = 0; c < channels; c++) data[o++] = parts[c]!(pixel); // four parts
      if (hasAlpha && data[o - 1] !== 0) isVisible = true;
    }
  }
  // Many programs write an alpha mask but leave alpha 0 everywhere; viewers show such bitmaps as
  // opaque.
  if (hasAlpha && !isVisible) { for (let i = 3; i < data.length; i += 4) data[i] = 255; }
  return { data, width, height, channels };
}

/** Returns a function that scales the bits under a mask to 0 … 255. */
function channelReader(mask: number): (pixel: number) => number {
  if (mask === 0) return () => 0;
  const shift = 31 - Math.clz32(mask & -mask), most = mask / 2 ** shift;
  return (pixel) => Math.round(255 * ((pixel & mask) >>> shift) / most);
}
