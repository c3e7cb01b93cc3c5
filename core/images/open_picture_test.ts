import assert from "node:assert/strict";
import sharp from "sharp";
import { openPicture } from "./open_picture.ts";
import { joinPng, testPng } from "./test_profiles.ts";
import { reasonOf } from "./test_reason.ts";

Deno.test(
  "a picture of 280 megapixels is refused by its header with the limit, a bitmap as " +
    "well",
  async () => {
    const header = new Uint8Array(13), view = new DataView(header.buffer);
    view.setUint32(0, 20000);
    view.setUint32(4, 14000);
    header[8] = 1;
    const png = joinPng([["IHDR", header], ["IDAT", new Uint8Array(9)], [
      "IEND",
      new Uint8Array(),
    ]]);
    const expected =
      "too large: 20000×14000 are 280 megapixels, at most 268 are read. Reduce it, or cut it " +
      "into parts";
    assert.equal(await reasonOf(png), expected);
    const bmp = new Uint8Array(60), headers = new DataView(bmp.buffer);
    bmp.set(new TextEncoder().encode("BM"));
    [[10, 54], [14, 40], [18, 20000], [22, 14000], [28, 24]].forEach(([at, value]) =>
      headers.setUint32(at!, value!, true)
    );
    assert.equal(await reasonOf(bmp), expected);
  },
);

Deno.test("a photograph of 108 megapixels is reduced while it is decoded", async () => {
  const jpeg = await sharp({
    create: { width: 12000, height: 9000, channels: 3, background: "#804020" },
  }).jpeg({ quality: 95 }).toBuffer();
  const picture = await openPicture(jpeg);
  assert.equal(picture.width * picture.height, 108e6);
  const { data, info } = await picture.decode((image) => image.resize(8, 8).raw());
  assert.deepEqual([info.width, info.height], [8, 8]);
  assert([0x80, 0x40, 0x20].every((v, c) => Math.abs(data[c]! - v) <= 2));
});

Deno.test("pixels that are floating-point numbers are refused with what to do", async () => {
  // A TIFF of one float: its tags ascend, each of 12 bytes (TIFF 6.0, section 2).
  const tags = [
    [256, 4, 1],
    [257, 4, 1],
    [258, 3, 32],
    [259, 3, 1],
    [262, 3, 1],
    [273, 4, 146],
    [
      277,
      3,
      1,
    ],
    [278, 4, 1],
    [279, 4, 4],
    [339, 3, 3],
  ];
  const bytes = new Uint8Array(150), view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode("II*\0"));
  view.setUint32(4, 8, true);
  view.setUint16(8, tags.length, true);
  for (const [i, [tag, type, value]] of tags.entries()) {
    view.setUint16(10 + 12 * i, tag!, true);
    view.setUint16(12 + 12 * i, type!, true);
    view.setUint32(14 + 12 * i, 1, true);
    view.setUint32(18 + 12 * i, value!, true);
  }
  view.setFloat32(146, 0.5, true);
  assert.match(await reasonOf(bytes), /^pixels of type float, .* export it with 8 or 16 bits/);
});

Deno.test("frames are counted in GIF, WebP, TIFF and animated PNG", async () => {
  const frames = await Promise.all(
    ["red", "lime", "blue"].map((background) =>
      sharp({ create: { width: 8, height: 8, channels: 3, background } }).png().toBuffer()
    ),
  );
  const film = () => sharp(frames, { join: { animated: true } });
  const count = async (bytes: Uint8Array) => {
    const { frames, notes, notesOfFirst } = await openPicture(bytes);
    assert.deepEqual(notes, []);
    const first = [`only the first of ${frames} frames is used`];
    assert.deepEqual(notesOfFirst, frames > 1 ? first : []);
    return frames;
  };
  assert.equal(await count(await film().gif().toBuffer()), 3);
  assert.equal(await count(await film().webp().toBuffer()), 3);
  assert.equal(await count(await film().tiff().toBuffer()), 3);
  assert.equal(await count(frames[0]!), 1);
  const control = new Uint8Array(8);
  control[3] = 3;
  const apng = testPng([1, 2, 3], { width: 1, channels: 3, bits: 8, chunks: [["acTL", control]] });
  assert.equal(await count(apng), 3);
});

Deno.test("a kind of JPEG or TIFF that few programs write is called so, beside damage", async () => {
  const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: "red" } });
  const jpeg = new Uint8Array(await picture.clone().jpeg().toBuffer());
  const frame = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
  const reason = /^damaged, or a JPEG of 12 bits or without loss: export it as PNG or JPEG first$/;
  for (const changed of [jpeg.with(frame + 4, 12), jpeg.with(frame + 1, 0xc3)]) {
    const reading = async () => (await openPicture(changed)).decode((image) => image.raw());
    await assert.rejects(reading, (error: Error) => reason.test(error.message));
  }
  const tiff = new Uint8Array(await picture.tiff({ compression: "none" }).toBuffer());
  const view = new DataView(tiff.buffer), first = view.getUint32(4, true);
  for (let at = first + 2; at < tiff.length; at += 12) {
    if (view.getUint16(at, true) !== 259) continue; // how it is packed
    view.setUint16(at + 8, 50000, true); // by ZSTD
    break;
  }
  const reading = async () => (await openPicture(tiff)).decode((image) => image.raw());
  await assert.rejects(
    reading,
    /^PictureError: damaged, or compressed .*: save it with LZW or Deflate$/,
  );
});
