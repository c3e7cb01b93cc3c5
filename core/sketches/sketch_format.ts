/** Detects a file's format by its content, because file names may be wrong. */
import { extname } from "node:path";
import { DrawingError } from "./drawing.ts";
import { isQuickDrawBinary } from "./quickdraw_binary.ts";

/** Formats of drawings, and supported compressions. */
export type SketchFormat = "svg" | "strokes" | "doodler" | "quickdraw-binary" | "npz" | "gzip";

const PICTURE = "its lines can't be told apart. Training takes lines, as in .ndjson or .svg; " +
  "`complete` takes pictures";
const PACKED = "unpack it and pass what it holds";

const AS_JSON = "write its drawings as one JSON a line";

/** Signatures of files that hold no drawings: bytes, offset, name and advice. */
const FOREIGN: readonly [magic: string, at: number, name: string, advice: string][] = [
  ["\x89PNG", 0, "a picture (PNG)", PICTURE],
  ["\xff\xd8\xff", 0, "a picture (JPEG)", PICTURE],
  ["GIF8", 0, "a picture (GIF)", PICTURE],
  ["WEBPVP8", 8, "a picture (WebP)", PICTURE],
  ["II*\0", 0, "a picture (TIFF)", PICTURE],
  ["MM\0*", 0, "a picture (TIFF)", PICTURE],
  ["ftyp", 4, "a picture or film (HEIF, AVIF, MP4)", PICTURE],
  ["\xff\x0a", 0, "a picture (JPEG XL)", PICTURE],
  ["JXL \r\n", 4, "a picture (JPEG XL)", PICTURE],
  ["8BPS", 0, "a picture (Photoshop)", PICTURE],
  ["%PDF", 0, "a PDF, as .ai files are, too", "export it as SVG"],
  ["%!PS", 0, "PostScript", "export it as SVG"],
  ["\xc5\xd0\xd3\xc6", 0, "PostScript", "export it as SVG"],
  [
    ...["\x93NUMPY", 0, "a NumPy array, as Quick, Draw!'s bitmaps of 28 × 28 pixels are"] as const,
    "pass the .ndjson of the same drawings, which has their lines",
  ],
  ["PAR1", 0, "Parquet", AS_JSON],
  ["ARROW1", 0, "Arrow", AS_JSON],
  ["\x89HDF", 0, "HDF5", AS_JSON],
  ["SQLite format 3", 0, "an SQLite database", AS_JSON],
  ...["\x80\x02", "\x80\x03", "\x80\x04", "\x80\x05"].map((magic) =>
    [magic, 0, "a Python pickle", AS_JSON] as [string, number, string, string]
  ),
  ["PK\x03\x04", 0, "a zip inside the source", "zips are not opened inside each other"],
  ["ustar", 257, "a tar archive", PACKED],
  ["BZh", 0, "packed by bzip2", PACKED],
  ["\xfd7zXZ", 0, "packed by xz", PACKED],
  ["\x28\xb5\x2f\xfd", 0, "packed by zstd", PACKED],
  ["7z\xbc\xaf", 0, "a 7z archive", PACKED],
  ["Rar!", 0, "a RAR archive", PACKED],
];

/**
 * Detects the format of a file.
 * @param bytes the whole file
 * @param path decides if the content is ambiguous
 * @throws DrawingError that names what the file is instead
 */
export function sketchFormat(bytes: Uint8Array, path: string): SketchFormat {
  if (bytes.length === 0) throw new DrawingError("empty file");
  // a TextDecoder's "latin1" would be windows-1252
  const head = String.fromCharCode(...bytes.subarray(0, 512));
  if (head.startsWith("\x1f\x8b")) return "gzip";
  if (isNpz(head)) return "npz";
  if (isQuickDrawBinary(bytes)) return "quickdraw-binary";
  for (const [magic, at, name, advice] of FOREIGN) {
    if (head.startsWith(magic, at)) throw new DrawingError(`${name}: ${advice}`);
  }
  if (head.startsWith("BM") && head.startsWith("\0\0\0\0", 6)) {
    throw new DrawingError(`a picture (BMP): ${PICTURE}`);
  }
  // cut off, e.g. by an interrupted download
  if (extname(path).toLowerCase() === ".bin") return "quickdraw-binary";
  if (isTensorFlowRecord(bytes)) {
    throw new DrawingError("TensorFlow records: write their drawings as one JSON a line");
  }
  const first = textStart(bytes);
  if (first.startsWith("<")) return "svg";
  if (first.startsWith("{") && hasInputParts(bytes)) return "doodler";
  const isStrokes = /^[[{]/.test(first) || /^[^\n]*\bdrawing\b/.test(first);
  if (isStrokes || /^\.(ndjson|jsonl|json)$/i.test(extname(path))) return "strokes";
  throw new DrawingError("not a sketch: expected .ndjson, .json, .csv, .svg, .npz or .bin");
}

/** Whether the first file of a zip is a NumPy array. */
function isNpz(head: string): boolean {
  const length = head.charCodeAt(26) + 256 * head.charCodeAt(27); // of its name
  return head.startsWith("PK\x03\x04") && head.slice(30, 30 + length).endsWith(".npy");
}

/** Whether there is a first record within the file that contains Quick, Draw!'s "ink". */
function isTensorFlowRecord(bytes: Uint8Array): boolean {
  if (bytes.length < 16) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length === 0n || length > BigInt(bytes.length - 16)) return false;
  const record = bytes.subarray(12, 12 + Math.min(Number(length), 2 ** 20));
  return new TextDecoder("latin1").decode(record).includes("ink");
}

/**
 * The first characters, in UTF-8 or, if the byte order mark says so, UTF-16, without leading white
 * space.
 */
function textStart(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes.subarray(0, 4096)).trimStart();
}

function hasInputParts(bytes: Uint8Array): boolean {
  return bytes.length <= 4 * 2 ** 20 && textOf(bytes).includes('"input_parts"');
}

/** The encoding according to the byte order mark. */
function encodingOf([a, b]: Uint8Array): string {
  return a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : "utf-8";
}

/** Decodes a whole text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

/** Converts a text to UTF-8 without a byte order mark. */
export function asUtf8(bytes: Uint8Array): Uint8Array {
  if (encodingOf(bytes) !== "utf-8") return new TextEncoder().encode(textOf(bytes));
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** Decodes an XML text in its declared encoding. */
export function xmlText(bytes: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const said = /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/.exec(head)
    ?.[1];
  if (said === undefined || /^utf-?(8|16)/i.test(said)) return textOf(bytes);
  try {
    return new TextDecoder(said).decode(bytes);
  } catch {
    throw new DrawingError(`an unknown encoding: ${said}`);
  }
}
