import assert from "node:assert/strict";
import sharp from "sharp";
import { pictureFormat } from "./picture_format.ts";

const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** An ISO base media file's first box. */
const box = (brand: string, ...compatible: string[]) =>
  bytes(
    `\0\0\0${String.fromCharCode(16 + 4 * compatible.length)}ftyp${brand}\0\0\0\0` +
      compatible.join(""),
  );

Deno.test("pictureFormat() tells what is read by its first bytes", async () => {
  const picture = () => sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } });
  for (const format of ["png", "jpeg", "gif", "webp", "tiff", "avif"] as const) {
    const encoded = await picture().toFormat(format).toBuffer();
    assert.deepEqual(pictureFormat(encoded), { format });
    assert.deepEqual(pictureFormat(encoded.subarray(0, 512)), { format });
  }
  assert.deepEqual(pictureFormat(box("mif1", "avif", "miaf")), { format: "avif" });
  assert.deepEqual(pictureFormat(bytes("BM\xf6\0\0\0\0\0\0\x006\0\0\0(\0\0\0")), { format: "bmp" });
});

/** A TIFF's first directory of whole numbers. */
function tiff(order: "II" | "MM", tags: [tag: number, value: number][]): Uint8Array {
  const out = new Uint8Array(14 + 12 * tags.length), view = new DataView(out.buffer);
  const isLittle = order === "II";
  out.set(bytes(order));
  view.setUint16(2, 42, isLittle);
  view.setUint32(4, 8, isLittle);
  view.setUint16(8, tags.length, isLittle);
  for (const [i, [tag, value]] of tags.entries()) {
    view.setUint16(10 + 12 * i, tag, isLittle);
    view.setUint16(12 + 12 * i, 4, isLittle); // LONG
    view.setUint32(14 + 12 * i, 1, isLittle);
    view.setUint32(18 + 12 * i, value, isLittle);
  }
  return out;
}

Deno.test("pages and reduced copies in a TIFF make no raw file of it", () => {
  for (const tags of [[[254, 2], [330, 9]], [[254, 1], [256, 9]], [[256, 9]]] as const) {
    assert.deepEqual(pictureFormat(tiff("II", tags.map(([a, b]) => [a, b]))), { format: "tiff" });
  }
});

Deno.test("pictureFormat() calls other files by their name, with what to do", () => {
  const cases: [string, Uint8Array, RegExp][] = [
    ["empty", new Uint8Array(), /^empty file$/],
    ["HEIC", box("heic", "mif1", "heic"), /^a HEIC picture.*export it as PNG or JPEG/],
    ["HEIC by a compatible brand", box("mif1", "heic"), /^a HEIC picture/],
    ["JPEG XL", bytes("\xff\x0a\x10"), /^a JPEG XL picture.*export/],
    ["JPEG XL in boxes", bytes("\0\0\0\x0cJXL \r\n\x87\n"), /^a JPEG XL picture/],
    ["JPEG 2000", bytes("\0\0\0\x0cjP  \r\n\x87\n"), /^a JPEG 2000 picture/],
    ["Canon's CR2", bytes("II*\0\x10\0\0\0CR\x02\0"), /^a camera's raw file/],
    ["Canon's CR3", box("crx ", "isom"), /^a camera's raw file/],
    ["a film", box("isom", "mp42"), /^a video/],
    ["Photoshop", bytes("8BPS\0\x01"), /^a Photoshop document/],
    ["PDF", bytes("%PDF-1.7"), /^a PDF/],
    ["an icon", bytes("\0\0\x01\0\x01\0"), /^a Windows icon/],
    ["zip", bytes("PK\x03\x04"), /^a zip, .*unpack it/],
    ["SVG", bytes('<svg xmlns="x"/>'), /^an SVG/],
    ["SVG with prolog", bytes('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><svg >'), /^an SVG/],
    ["a web page", bytes("<html><svg></svg></html>"), /^a web page, perhaps of a failed download/],
    ["another page", bytes("\n<!DOCTYPE html>\n<html>"), /^a web page/],
    ["Git LFS", bytes("version https://git-lfs.github.com/spec/v1\n"), /git lfs pull$/],
    ["RAR", bytes("Rar!\x1a\x07"), /^an archive, .*unpack it/],
    ["tar", bytes("a".padEnd(257, "\0") + "ustar\0"), /^an archive/],
    ["an app's PNG", bytes("\x89PNG\r\n\x1a\n\0\0\0\x04CgBI"), /^a PNG of an iPhone app: export/],
    ["EPS", bytes("%!PS-Adobe-3.0"), /^a picture of a kind that is not read: export/],
    ["GIMP", bytes("gimp xcf v011"), /^a picture of a kind that is not read/],
    ["DICOM", bytes("\0".repeat(128) + "DICM"), /^a picture of a kind that is not read/],
    ["Matroska", bytes("\x1a\x45\xdf\xa3"), /^a video/],
    ["AVI", bytes("RIFF\0\0\0\0AVI LIST"), /^a video/],
    ["Nikon's NEF", tiff("MM", [[254, 1], [256, 160], [330, 999]]), /^a camera's raw file/],
    ["Sony's ARW", tiff("II", [[254, 1], [259, 6], [330, 999]]), /^a camera's raw file/],
    ["Adobe's DNG", tiff("II", [[254, 0], [50706, 1]]), /^a camera's raw file/],
    ["text that begins as a bitmap", bytes("BMW, Audi, Opel, VW and others"), /^not an image/],
    ["a short file", bytes("\x89P"), /^not an image/],
  ];
  for (const [name, head, expected] of cases) {
    const found = pictureFormat(head);
    assert("reason" in found, name);
    assert.match(found.reason, expected, name);
  }
});
