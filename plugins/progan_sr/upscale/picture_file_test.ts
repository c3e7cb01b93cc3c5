import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../../../core/testing/mod.ts";
import { encodePicture, readPicture } from "./picture_file.ts";
import { largestDifference, pixels } from "./test_pictures.ts";

for (
  const [name, channels, space] of [["grey", 1, "b-w"], ["grey with alpha", 2, "b-w"], [
    "RGB",
    3,
    "srgb",
  ], ["RGBA", 4, "srgb"]] as const
) {
  Deno.test(`a ${name} picture is written as ${name}, pixel by pixel, in 8 and from 16 bits`, () =>
    withFolder(async (folder) => {
      const raw = { width: 6, height: 4, channels };
      const path = join(folder, "a.png");
      const eight = sharp(pixels(6, 4, channels).data, { raw }).toColourspace(space);
      await eight.png().toFile(path);
      const picture = await readPicture(path);
      const colors = channels - (channels % 2 === 0 ? 1 : 0);
      assert.equal(picture.color.channels, colors);
      assert.equal(picture.opacity !== undefined, channels % 2 === 0);
      const result = { color: pixels(9, 7, colors), opacity: picture.opacity && pixels(9, 7, 1) };
      await Deno.writeFile(path, await encodePicture(picture, result.color, result.opacity));
      const again = await readPicture(path);
      assert.deepEqual({ color: again.color, opacity: again.opacity }, result);

      const deep = join(folder, "deep.png");
      await sharp(pixels(6, 4, channels).data, { raw }).toColourspace(
        space === "srgb" ? "rgb16" : "grey16",
      )
        .png().toFile(deep);
      const sixteen = await readPicture(deep);
      assert.equal(sixteen.color.channels, colors);
      assert(largestDifference(sixteen.color.data, picture.color.data) <= 1);
      await Deno.writeFile(deep, await encodePicture(sixteen, result.color, result.opacity));
      assert.deepEqual((await readPicture(deep)).color, result.color);
    }));
}

Deno.test("EXIF's orientation is applied once; its author and the colour profile stay", () =>
  withFolder(async (folder) => {
    const path = join(folder, "turned.jpg");
    await sharp(pixels(6, 4, 3).data, { raw: { width: 6, height: 4, channels: 3 } })
      .withIccProfile("p3").withExif({ IFD0: { Artist: "Ada" } }).withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 }).toFile(path);
    const before = await sharp(path).metadata();
    assert.equal(before.orientation, 6);
    const picture = await readPicture(path);
    assert.deepEqual([picture.color.width, picture.color.height], [4, 6], "turned upright");
    await Deno.writeFile(path, await encodePicture(picture, pixels(8, 12, 3), undefined));
    const after = await sharp(path).metadata();
    assert.deepEqual([after.width, after.height, after.format], [8, 12, "jpeg"]);
    assert([undefined, 1].includes(after.orientation));
    assert(after.icc && before.icc && after.icc.equals(before.icc));
    assert(after.exif?.includes("Ada"));
  }));

/** A profile of other primaries than sharp's own: P3's file with the colorants of Adobe RGB (1998) under D50. */
async function adobeProfile(): Promise<Uint8Array> {
  const carrier = await sharp({ create: { width: 1, height: 1, channels: 3, background: "red" } })
    .withIccProfile("p3").png().toBuffer();
  const profile = Uint8Array.from((await sharp(carrier).metadata()).icc!); // just attached
  const view = new DataView(profile.buffer), text = new TextDecoder();
  const colorants: Record<string, number[]> = {
    rXYZ: [0.60974, 0.31111, 0.01947],
    gXYZ: [0.20528, 0.62567, 0.06087],
    bXYZ: [0.14919, 0.06322, 0.74457],
  };
  for (let i = 0, at = 132; i < view.getUint32(128); i++, at += 12) { // ICC.1:2010, 7.3: the tag table
    const values = colorants[text.decode(profile.subarray(at, at + 4))] ?? [];
    values.forEach((x, c) =>
      view.setInt32(view.getUint32(at + 4) + 8 + 4 * c, Math.round(x * 65536))
    );
  }
  return profile;
}

Deno.test("a 16-bit picture keeps its profile, its EXIF and its colours", () =>
  withFolder(async (folder) => {
    const path = join(folder, "deep.png"), profile = join(folder, "adobe.icc");
    await Deno.writeFile(profile, await adobeProfile());
    const background = { r: 200, g: 60, b: 30 }; // sRGB
    await sharp({ create: { width: 6, height: 4, channels: 3, background } })
      .toColourspace("rgb16").withIccProfile(profile).withExif({ IFD0: { Artist: "Ada" } })
      .withMetadata({ orientation: 6 }).toFile(path);
    const before = await sharp(path).metadata();
    assert.deepEqual([before.depth, before.orientation], ["ushort", 6]);
    const picture = await readPicture(path);
    assert.deepEqual([picture.color.width, picture.color.height], [4, 6], "turned upright");
    await Deno.writeFile(path, await encodePicture(picture, picture.color, undefined));
    const after = await sharp(path).metadata();
    assert.deepEqual([after.width, after.height, after.format], [4, 6, "png"]);
    assert([undefined, 1].includes(after.orientation));
    assert(after.icc && before.icc && after.icc.equals(before.icc));
    assert(after.exif?.includes("Ada"));
    const shown = await sharp(path).toColourspace("srgb").raw().toBuffer(); // sharp applies the profile
    const expected = Uint8Array.from({ length: shown.length }, (_, i) => [200, 60, 30][i % 3]!); // of three
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
    assert(largestDifference(picture.color.data, expected) <= 1);
    await Deno.writeFile(path, await encodePicture(picture, picture.color, undefined));
    const after = await sharp(path).metadata();
    assert.equal(after.space, "srgb");
    assert(after.exif?.includes("Ada"));
    assert(largestDifference(await sharp(path).raw().toBuffer(), expected) <= 2);
  }));
