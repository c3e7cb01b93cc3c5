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
    ["a film", box("isom", "mp42"), /^a film/],
    ["Photoshop", bytes("8BPS\0\x01"), /^a Photoshop document/],
    ["PDF", bytes("%PDF-1.7"), /^a PDF/],
    ["an icon", bytes("\0\0\x01\0\x01\0"), /^a Windows icon/],
    ["zip", bytes("PK\x03\x04"), /^a zip, .*unpack it/],
    ["SVG", bytes('<svg xmlns="x"/>'), /^an SVG/],
    ["SVG with prolog", bytes('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a --><svg >'), /^an SVG/],
    ["HTML", bytes("<html><svg></svg></html>"), /^not an image/],
    ["text that begins as a bitmap", bytes("BMW, Audi, Opel, VW and others"), /^not an image/],
    ["a short file", bytes("\x89P"), /^not an image/],
  ];
  for (const [name, head, expected] of cases) {
    const found = pictureFormat(head);
    assert("reason" in found, name);
    assert.match(found.reason, expected, name);
  }
});
