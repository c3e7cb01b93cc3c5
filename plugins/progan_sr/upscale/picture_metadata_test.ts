/** Metadata of picture files survives reading and writing. */
import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { testPng, testProfile } from "../../../core/images/test_profiles.ts";
import { openPicture } from "../../../core/images/mod.ts";
import { withFolder } from "../../../core/testing/mod.ts";
import type { Picture } from "./picture.ts";
import { readPicture } from "./read_picture.ts";
import { encodePicture } from "./write_picture.ts";
import { deepPixels, largestDifference, pixels } from "./test_pictures.ts";

const sizeOf = ({ frames }: Picture) => [frames[0]!.color.width, frames[0]!.color.height];

Deno.test("EXIF's orientation is applied once; its author and the colour profile stay", () =>
  withFolder(async (folder) => {
    const path = join(folder, "turned.jpg");
    await sharp(pixels(6, 4, 3).data, { raw: { width: 6, height: 4, channels: 3 } })
      .withIccProfile("p3").withExif({ IFD0: { Artist: "Ada" } }).withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 }).toFile(path);
    const before = await sharp(path).metadata();
    assert.equal(before.orientation, 6);
    const picture = await readPicture(path);
    assert.deepEqual(sizeOf(picture), [4, 6], "turned upright");
    await Deno.writeFile(path, await encodePicture(picture, [{ color: pixels(8, 12, 3) }]));
    const after = await sharp(path).metadata();
    assert.deepEqual([after.width, after.height, after.format], [8, 12, "jpeg"]);
    assert([undefined, 1].includes(after.orientation));
    assert(after.icc && before.icc && after.icc.equals(before.icc));
    assert(after.exif?.includes("Ada"));
  }));

Deno.test("a 16-bit picture keeps its profile, its EXIF and its colours", () =>
  withFolder(async (folder) => {
    const path = join(folder, "deep.png"), profile = join(folder, "adobe.icc");
    await Deno.writeFile(profile, testProfile("adobe"));
    const background = { r: 200, g: 60, b: 30 }; // sRGB
    await sharp({ create: { width: 6, height: 4, channels: 3, background } })
      .toColourspace("rgb16").withIccProfile(profile).withExif({ IFD0: { Artist: "Ada" } })
      .withMetadata({ orientation: 6 }).toFile(path);
    const before = await sharp(path).metadata();
    assert.deepEqual([before.depth, before.orientation], ["ushort", 6]);
    const picture = await readPicture(path);
    assert.deepEqual(sizeOf(picture), [4, 6], "turned upright");
    await Deno.writeFile(path, await encodePicture(picture, picture.frames));
    const after = await sharp(path).metadata();
    assert.deepEqual([after.width, after.height, after.format], [4, 6, "png"]);
    assert([undefined, 1].includes(after.orientation));
    assert(after.icc && before.icc && after.icc.equals(before.icc));
    assert(after.exif?.includes("Ada"));
    const written = await openPicture(await Deno.readFile(path)); // applies the profile
    assert.equal(written.depth, 16);
    const shown = (await written.decode((image) => image.raw())).data;
    // one of three values
    const expected = Uint8Array.from({ length: shown.length }, (_, i) => [200, 60, 30][i % 3]!);
    assert(largestDifference(expected, shown) <= 2);
  }));

Deno.test("a CMYK picture becomes sRGB as sharp converts it, and keeps its EXIF", () =>
  withFolder(async (folder) => {
    const path = join(folder, "print.jpg");
    await sharp({ create: { width: 6, height: 4, channels: 3, background: "#c83c1e" } })
      .toColourspace("cmyk").withIccProfile("cmyk").withExif({ IFD0: { Artist: "Ada" } })
      .jpeg({ quality: 100 }).toFile(path);
    assert.equal((await sharp(path).metadata()).space, "cmyk");
    const expected = await sharp(path).toColourspace("srgb").raw().toBuffer();
    const picture = await readPicture(path);
    assert(largestDifference(picture.frames[0]!.color.data, expected) <= 1);
    await Deno.writeFile(path, await encodePicture(picture, picture.frames));
    const after = await sharp(path).metadata();
    assert.equal(after.space, "srgb");
    assert(after.exif?.includes("Ada"));
    assert(largestDifference(await sharp(path).raw().toBuffer(), expected) <= 2);
  }));

Deno.test("a CMYK picture's loss is told, and of a photograph what lies behind it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.jpg");
    const picture = () =>
      sharp({ create: { width: 6, height: 4, channels: 3, background: "red" } });
    await picture().toColourspace("cmyk").jpeg().toFile(path);
    assert.deepEqual((await readPicture(path)).losses, ["CMYK: its colours are sRGB now"]);
    const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><a GCamera:MotionPhoto="1"/></x:xmpmeta>`;
    await picture().withXmp(xmp).jpeg().toFile(path);
    assert.deepEqual((await readPicture(path)).losses, ["the film behind the photograph"]);
    await picture().jpeg().toFile(path);
    assert.deepEqual((await readPicture(path)).losses, []);
  }));

Deno.test("resolution in print, XMP and a PNG's text stay", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.png"), text = new TextEncoder();
    const chunks: [string, Uint8Array][] = [
      ["pHYs", new Uint8Array([0, 0, 0x2e, 0x23, 0, 0, 0x2e, 0x23, 1])], // 11,811 px per metre
      ["tEXt", text.encode("parameters\0a cat")],
      ["iTXt", text.encode("XML:com.adobe.xmp\0\0\0\0\0<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")],
    ];
    for (const bits of [8, 16] as const) {
      const values = [...pixels(6, 4, 3).data];
      await Deno.writeFile(path, testPng(values, { width: 6, channels: 3, bits, chunks }));
      const picture = await readPicture(path);
      const result = bits === 8 ? pixels(12, 8, 3) : deepPixels(12, 8, 3);
      const { density, comments, xmp } = await sharp(
        await encodePicture(picture, [{ color: result }]),
      ).metadata();
      assert.deepEqual([density, comments], [300, [{ keyword: "parameters", text: "a cat" }]]);
      assert(xmp?.includes("xmpmeta"));
    }
  }));

Deno.test("a TIFF's and a JPEG's resolution in print stays", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a"), color = pixels(12, 8, 3);
    const picture = () =>
      sharp(pixels(6, 4, 3).data, { raw: { width: 6, height: 4, channels: 3 } });
    const perMillimetre = 300 / 25.4;
    const files = [
      await picture().tiff({ xres: perMillimetre, yres: perMillimetre }).toBuffer(),
      await picture().withMetadata({ density: 300 }).jpeg().toBuffer(),
    ];
    for (const file of files) {
      assert.equal((await sharp(file).metadata()).density, 300);
      await Deno.writeFile(path, file);
      const encoded = await encodePicture(await readPicture(path), [{ color }]);
      assert.equal((await sharp(encoded).metadata()).density, 300);
    }
  }));

Deno.test("pages of 16 bits with a profile become sRGB as shown, and what they lose is told", () =>
  withFolder(async (folder) => {
    const path = join(folder, "pages.tif"), profile = join(folder, "adobe.icc");
    await Deno.writeFile(profile, testProfile("adobe"));
    const page = await sharp({
      create: { width: 6, height: 4, channels: 3, background: { r: 200, g: 60, b: 30 } }, // sRGB
    }).toColourspace("rgb16").withIccProfile(profile).png().toBuffer();
    await sharp([page, page], { join: { animated: true } }).toColourspace("rgb16")
      .keepIccProfile().tiff({ compression: "deflate" }).toFile(path);
    const before = await sharp(path).metadata();
    assert.deepEqual([before.pages, before.depth, Boolean(before.icc)], [2, "ushort", true]);
    const { frames, losses } = await readPicture(path);
    assert.deepEqual(losses, ["16 bits and its colour profile: its pages are 8-bit sRGB now"]);
    assert.equal(frames.length, 2);
    for (const { color: { data } } of frames) {
      assert(largestDifference(data.subarray(0, 3), [200, 60, 30]) <= 2, `${data.subarray(0, 3)}`);
    }
  }));

Deno.test("an animation's EXIF is told as a loss", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.webp");
    const frame = await sharp(pixels(6, 4, 3).data, { raw: { width: 6, height: 4, channels: 3 } })
      .png().toBuffer();
    const other = await sharp(frame).negate().png().toBuffer();
    await sharp([frame, other], { join: { animated: true } })
      .withExif({ IFD0: { Artist: "Ada" } }).webp().toFile(path);
    assert.deepEqual((await readPicture(path)).losses, ["its EXIF"]);
  }));
