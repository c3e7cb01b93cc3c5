import assert from "node:assert/strict";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { testPng } from "../../../core/images/test_profiles.ts";
import { withFolder } from "../../../core/testing/mod.ts";
import { joinApng } from "./apng.ts";
import type { Pixels } from "./tiles.ts";
import { readPicture } from "./read_picture.ts";
import { encodePicture } from "./write_picture.ts";
import { deepPixels, largestDifference, pixels } from "./test_pictures.ts";

for (
  const [name, channels, space] of [["grey", 1, "b-w"], ["grey with alpha", 2, "b-w"], [
    "RGB",
    3,
    "srgb",
  ], ["RGBA", 4, "srgb"]] as const
) {
  Deno.test(`a ${name} picture is written as ${name}, pixel by pixel, of 8 bits and of 16`, () =>
    withFolder(async (folder) => {
      const raw = { width: 6, height: 4, channels };
      const path = join(folder, "a.png");
      const eight = sharp(pixels(6, 4, channels).data, { raw }).toColourspace(space);
      await eight.png().toFile(path);
      const picture = await readPicture(path), frame = picture.frames[0]!;
      const colors = channels - (channels % 2 === 0 ? 1 : 0);
      assert.equal(frame.color.channels, colors);
      assert.equal(frame.opacity !== undefined, channels % 2 === 0);
      const result = { color: pixels(9, 7, colors), opacity: frame.opacity && pixels(9, 7, 1) };
      await Deno.writeFile(path, await encodePicture(picture, [result]));
      const again = (await readPicture(path)).frames[0]!;
      assert.deepEqual({ color: again.color, opacity: again.opacity }, result);

      const deep = join(folder, "deep.png");
      const values = deepPixels(6, 4, channels).data;
      await Deno.writeFile(deep, testPng([...values], { width: 6, channels, bits: 16 }));
      const sixteen = await readPicture(deep), deepFrame = sixteen.frames[0]!;
      assert.equal(deepFrame.color.channels, colors);
      assert.deepEqual(
        [...deepFrame.color.data],
        [...values].filter((_, i) => i % channels < colors),
      );
      const deepResult = {
        color: deepPixels(9, 7, colors),
        opacity: deepFrame.opacity && deepPixels(9, 7, 1),
      };
      await Deno.writeFile(deep, await encodePicture(sixteen, [deepResult]));
      const deepAgain = (await readPicture(deep)).frames[0]!;
      assert.deepEqual({ color: deepAgain.color, opacity: deepAgain.opacity }, deepResult);
    }));
}

Deno.test("an animated PNG of more frames than it says is refused before they are decoded", () =>
  withFolder(async (folder) => {
    const path = join(folder, "many.png"), side = 4096, frames = 17; // 285 megapixels
    const png = async (width: number) =>
      await sharp({ create: { width, height: width, channels: 3, background: "red" } }).png()
        .toBuffer();
    const few = Array.from({ length: frames - 1 }, () => png(1));
    const bytes = joinApng(await Promise.all([png(side), ...few]), { delays: [], loop: 0 });
    const view = new DataView(bytes.buffer), at = 8 + 12 + 13; // signature, IHDR, then acTL
    view.setUint32(at + 8, 2);
    view.setUint32(at + 16, crc32(bytes.subarray(at + 4, at + 16)));
    await Deno.writeFile(path, bytes);
    await assert.rejects(readPicture(path), /17 frames of 4096×4096 are 285 megapixels/);
  }));

Deno.test("a lossless WebP stays lossless, a bitmap becomes PNG, a GIF of one frame as well", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a"), color = pixels(12, 8, 3);
    const picture = () =>
      sharp(pixels(6, 4, 3).data, { raw: { width: 6, height: 4, channels: 3 } });
    const result = async (bytes: Uint8Array) => {
      await Deno.writeFile(path, bytes);
      const read = await readPicture(path);
      const opacity = read.frames[0]!.opacity &&
        { ...pixels(12, 8, 1), data: new Uint8Array(96).fill(255) };
      const encoded = await encodePicture(read, [{ color, opacity }]);
      const again = await sharp(encoded).removeAlpha().raw().toBuffer();
      return [read.format, largestDifference(again, color.data) === 0];
    };
    assert.deepEqual(await result(await picture().webp({ lossless: true }).toBuffer()), [
      "webp",
      true,
    ]);
    assert.deepEqual(await result(await picture().webp({ quality: 90 }).toBuffer()), [
      "webp",
      false,
    ]);
    assert.deepEqual(await result(await picture().gif().toBuffer()), ["png", true]);
    const bmp = new Uint8Array(58), view = new DataView(bmp.buffer); // one pixel with 24 bits
    bmp.set(new TextEncoder().encode("BM"));
    for (const [at, value] of [[10, 54], [14, 40], [18, 1], [22, 1], [28, 24]]) {
      view.setUint32(at!, value!, true);
    }
    assert.deepEqual(await result(bmp), ["png", true]);
  }));

const FRAMES = ["red", "lime", "blue"];

/** Frames of one colour each. */
const film = async () =>
  sharp(
    await Promise.all(FRAMES.map((background) =>
      sharp({ create: { width: 8, height: 6, channels: 3, background } }).png().toBuffer()
    )),
    { join: { animated: true } },
  );

for (const format of ["gif", "webp", "tiff"] as const) {
  Deno.test(`all frames of a ${format.toUpperCase()} are read and written, with their times`, () =>
    withFolder(async (folder) => {
      const path = join(folder, "a"), playing = { delay: [50, 60, 700], loop: 2 };
      const image = await film();
      await (format === "tiff" ? image.tiff() : image[format]({ ...playing })).toFile(path);
      const picture = await readPicture(path);
      assert.equal(picture.frames.length, 3);
      const [red, lime] = picture.frames.map(({ color }) => [...color.data.subarray(0, 3)]);
      assert(largestDifference(red!, [255, 0, 0]) < 9 && largestDifference(lime!, [0, 255, 0]) < 9);
      const twice = picture.frames.map(({ color, opacity }) => ({
        color: { ...pixels(16, 12, color.channels), data: enlarged(color) },
        ...(opacity ? { opacity: { ...pixels(16, 12, 1), data: enlarged(opacity) } } : {}),
      }));
      const encoded = await encodePicture(picture, twice);
      const { pages, width, height, pageHeight, delay, loop } = await sharp(encoded).metadata();
      assert.deepEqual([pages, width, pageHeight ?? height], [3, 16, 12]);
      if (format !== "tiff") assert.deepEqual({ delay, loop }, playing);
      const { data, info } = await sharp(encoded, { page: 2 }).removeAlpha().raw()
        .toBuffer({ resolveWithObject: true });
      assert.equal(info.channels, 3);
      assert(largestDifference(data.subarray(0, 3), [0, 0, 255]) < 9, "the last one is blue");
    }));
}

/** Twice as large in both directions, by repetition. */
function enlarged({ data, width, height, channels }: Pixels): Uint8Array {
  const out = new Uint8Array(4 * data.length);
  for (let i = 0; i < out.length; i++) {
    const c = i % channels, x = Math.floor(i / channels) % (2 * width);
    const y = Math.floor(i / channels / (2 * width));
    out[i] = data[((y >> 1) * width + (x >> 1)) * channels + c]!;
  }
  assert.equal(out.length, 4 * width * height * channels);
  return out;
}

Deno.test("pages of several sizes are told as a loss, the first is read", () =>
  withFolder(async (folder) => {
    // Two pictures in one TIFF (6.0, section 2), one pixel and two pixels wide; each directory
    // points to the next.
    const directory = (width: number, next: number, at: number): number[] => {
      const tags = [[256, width], [257, 1], [258, 8], [259, 1], [262, 1], [273, at], [277, 1], [
        278,
        1,
      ], [
        279,
        width,
      ]];
      const word = (v: number) => [v & 255, v >> 8 & 255, 0, 0];
      return [
        9,
        0,
        ...tags.flatMap(([tag, v]) => [tag! & 255, tag! >> 8, 4, 0, 1, 0, 0, 0, ...word(v!)]),
        ...word(next),
      ];
    };
    const size = 2 + 9 * 12 + 4, second = 8 + size, data = second + size;
    const bytes = [
      0x49,
      0x49,
      42,
      0,
      8,
      0,
      0,
      0,
      ...directory(1, second, data),
      ...directory(2, 0, data),
      77,
      88,
    ];
    const path = join(folder, "a.tif");
    await Deno.writeFile(path, new Uint8Array(bytes));
    const picture = await readPicture(path);
    assert.equal(picture.frames.length, 1);
    assert.deepEqual([...picture.frames[0]!.color.data], [77]);
    assert.deepEqual(picture.losses, [
      "all of its 2 frames but the first, which alone is enlarged",
    ]);
  }));
