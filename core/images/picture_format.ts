// deno-lint-ignore-file no-control-regex -- first bytes of files are control characters
/** Detects a file's format by its first bytes, because a file extension may be wrong or missing. */

/** Formats that {@linkcode openPicture} reads. */
export type PictureFormat = "png" | "jpeg" | "gif" | "webp" | "tiff" | "avif" | "bmp";

/** Number of bytes that {@linkcode pictureFormat} examines. */
export const HEAD_BYTES = 512;

/** A supported format, or the reason why the file can't be read. */
export type Sniffed = { format: PictureFormat } | { reason: string };

/** Advice for pictures in an unsupported format. */
const EXPORT = "export it as PNG or JPEG first";

const VIDEO = "a video: export its frames as PNG first", RAW = `a camera's raw file: ${EXPORT}`;

/** Signatures of formats as Latin-1; a reason means that the format is not read. */
const SIGNATURES: readonly [RegExp, PictureFormat | { reason: string }][] = [
  [/^\x89PNG\r\n\x1a\n[^]{4}CgBI/, { reason: `a PNG of an iPhone app: ${EXPORT}` }],
  [/^\x89PNG\r\n\x1a\n/, "png"],
  [/^\xff\xd8\xff/, "jpeg"],
  [/^GIF8[79]a/, "gif"],
  [/^RIFF[^]{4}WEBP/, "webp"],
  [/^II\*\0[^]{4}CR/, { reason: RAW }],
  [/^(II[*+]\0|MM\0[*+])/, "tiff"],
  [/^BM[^]{8}[^]{4}[\x0c\x28\x34\x38\x40\x6c\x7c]\0\0\0/, "bmp"],
  [/^\xff\x0a|^\0\0\0\x0cJXL /, { reason: `a JPEG XL picture, which is not read: ${EXPORT}` }],
  [
    /^\0\0\0\x0cjP {2}|^\xff\x4f\xff\x51/,
    { reason: `a JPEG 2000 picture, which is not read: ${EXPORT}` },
  ],
  [/^8BPS/, { reason: `a Photoshop document: ${EXPORT}` }],
  [/^%PDF-/, { reason: "a PDF: export its pages as PNG first" }],
  [/^(II(RO|RS|U\0)|FUJIFILMCCD-RAW|\0MRM)/, { reason: RAW }],
  [/^\0\0[\x01\x02]\0[^\0]\0/, { reason: `a Windows icon: ${EXPORT}` }],
  [/^v\/1\x01|^#\?(RADIANCE|RGBE)/, { reason: `a picture of high dynamic range: ${EXPORT}` }],
  [/^P[1-7]\s/, { reason: `a PNM picture, which is not read: ${EXPORT}` }],
  [/^(icns|DDS |qoif|gimp xcf|%!PS|\x8a[MJ]NG|SIMPLE {2}=|BPG\xfb)|^[^]{128}DICM/, {
    reason: `a picture of a kind that is not read: ${EXPORT}`,
  }],
  [/^\x1a\x45\xdf\xa3|^RIFF[^]{4}AVI |^FLV\x01|^\0\0\x01\xba/, { reason: VIDEO }],
  [/^version https:\/\/git-lfs\.github\.com/, {
    reason: "a Git LFS pointer instead of the file: fetch it by git lfs pull",
  }],
  [/^(\xef\xbb\xbf)?\s*<(!doctype html|html)[\s>]/i, {
    reason: "a web page, perhaps of a failed download: fetch the picture again",
  }],
  [/^(Rar!|7z\xbc\xaf|\x1f\x8b|BZh|\xfd7zXZ)|^[^]{257}ustar/, {
    reason: "an archive, which is not opened here: unpack it first",
  }],
  [/^PK(\x03\x04|\x05\x06)/, {
    reason: "a zip, which is not opened here: unpack it first",
  }],
  [/^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^]*|<svg[\s>][^]*)$/, {
    reason: "an SVG: vector files are read as sketches only",
  }],
];

/** Brands of ISO base media files (ISO/IEC 14496-12, `ftyp`). */
const HEIC = /^(hei[cxms]|hev[cxms]|mif[12]|msf1|miaf)$/;

/**
 * Detects the format of a file by its first bytes.
 * @param bytes the start of a file, {@linkcode HEAD_BYTES} or all of it
 */
export function pictureFormat(bytes: Uint8Array): Sniffed {
  if (bytes.length === 0) return { reason: "empty file" };
  const head = latin1(bytes.subarray(0, HEAD_BYTES));
  if (head.startsWith("ftyp", 4)) return mediaFormat(bytes, head);
  for (const [signature, found] of SIGNATURES) {
    if (!signature.test(head)) continue;
    if (found === "tiff" && isRawTiff(bytes)) return { reason: RAW };
    return typeof found === "string" ? { format: found } : found;
  }
  return { reason: "not an image, whatever its name says" };
}

/** TIFF tags (6.0, TIFF/EP, DNG): kind of image, further directories, DNG version. */
const NEW_SUBFILE_TYPE = 254, SUB_IFDS = 330, DNG_VERSION = 50706;

/**
 * Whether a TIFF is a camera's raw file (NEF, ARW, PEF, DNG …): its first image is a thumbnail,
 * which would be mistaken for the photograph.
 */
function isRawTiff(bytes: Uint8Array): boolean {
  if (bytes.length < 10) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49, first = view.getUint32(4, isLittle);
  const count = first + 2 <= bytes.length ? view.getUint16(first, isLittle) : 0;
  let isReduced = false, hasMore = false;
  for (let i = 0, at = first + 2; i < count && at + 12 <= bytes.length; i++, at += 12) {
    const tag = view.getUint16(at, isLittle);
    if (tag === DNG_VERSION) return true;
    if (tag === NEW_SUBFILE_TYPE) isReduced = (view.getUint32(at + 8, isLittle) & 1) === 1;
    if (tag === SUB_IFDS) hasMore = true;
  }
  return isReduced && hasMore;
}

/** AVIF, HEIC and video share one container format; the brands tell them apart. */
function mediaFormat(bytes: Uint8Array, head: string): Sniffed {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const brands = [head.slice(8, 12)];
  for (let at = 16; at + 4 <= Math.min(size, head.length); at += 4) {
    brands.push(head.slice(at, at + 4));
  }
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return { format: "avif" };
  if (brands.some((brand) => HEIC.test(brand))) {
    return { reason: `a HEIC picture, which is not read: ${EXPORT}` };
  }
  if (brands[0] === "crx ") return { reason: RAW };
  return { reason: VIDEO };
}

/** Decodes one character per byte. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
