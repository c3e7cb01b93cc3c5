import assert from "node:assert/strict";
import sharp from "sharp";
import { openPicture } from "./open_picture.ts";
import { reasonOf } from "./test_reason.ts";
import { tiffTags } from "./tiff_tags.ts";

/** Layout of a {@linkcode testTiff}. */
interface Layout {
  isLittle?: boolean;
  isBig?: boolean;
  bits?: 8 | 16;
  /** Kinds of the extra channels (TIFF 6.0, tag 338). */
  extra?: number[];
  photometric?: number;
  compression?: number;
}

/** One uncompressed pixel with the given channels, in a TIFF or a BigTIFF. */
function testTiff(
  channels: readonly number[],
  { isLittle = true, isBig = false, bits = 8, extra = [], photometric = 2, compression = 1 }:
    Layout = {},
): Uint8Array {
  const bytes = new Uint8Array(512), view = new DataView(bytes.buffer);
  const set = (at: number, size: number, value: number) => {
    if (size === 2) view.setUint16(at, value, isLittle);
    else if (size === 4) view.setUint32(at, value, isLittle);
    else view.setBigUint64(at, BigInt(value), isLittle);
  };
  const SHORT = 3, pixel = 400, depths = 420, kinds = 440, word = isBig ? 8 : 4;
  const tags: [tag: number, values: number[], outside?: number][] = [
    ...[[256, [1]], [257, [1]]] as [number, number[]][],
    [258, channels.map(() => bits), depths],
    ...[[259, [compression]], [262, [photometric]], [273, [pixel]]] as [number, number[]][],
    ...[[277, [channels.length]], [278, [1]]] as [number, number[]][],
    ...[[279, [channels.length * bits / 8]], [284, [1]]] as [number, number[]][],
    ...(extra.length > 0 ? [[338, extra, kinds] as [number, number[], number]] : []),
  ];
  bytes.set(new TextEncoder().encode(isLittle ? "II" : "MM"));
  set(2, 2, isBig ? 43 : 42);
  if (isBig) set(4, 2, 8);
  const first = 16;
  set(isBig ? 8 : 4, word, first);
  set(first, isBig ? 8 : 2, tags.length);
  tags.forEach(([tag, values, outside = 0], i) => {
    const at = first + (isBig ? 8 : 2) + i * (isBig ? 20 : 12);
    set(at, 2, tag);
    set(at + 2, 2, SHORT);
    set(at + 4, word, values.length);
    const isInside = values.length * 2 <= word, place = isInside ? at + 4 + word : outside;
    if (!isInside) set(at + 4 + word, word, outside);
    values.forEach((value, k) => set(place + 2 * k, 2, value));
  });
  channels.forEach((value, c) =>
    bits === 8 ? view.setUint8(pixel + c, value) : set(pixel + 2 * c, 2, value)
  );
  return bytes;
}

/** How a picture is read: its channels on black, whether it has alpha, and the notes. */
async function pixelOf(bytes: Uint8Array) {
  const picture = await openPicture(bytes), { hasAlpha, depth, notes } = picture;
  const { data } = await picture.decode((image) =>
    image.flatten({ background: "#000000" }).toColourspace(picture.isGrey ? "b-w" : "srgb").raw()
  );
  return { pixel: [...data], hasAlpha, depth, notes };
}

Deno.test("a channel of a TIFF that is no opacity is skipped with a note, in every layout", async () => {
  const notes = ["channels that are neither colour nor opacity were ignored: 1"];
  for (const isLittle of [true, false]) {
    for (const isBig of [true, false]) {
      const layout = { isLittle, isBig, extra: [0] }, read = { hasAlpha: false, notes };
      const colour = await pixelOf(testTiff([192, 96, 63, 64], layout));
      assert.deepEqual(colour, { ...read, depth: 8, pixel: [192, 96, 63] });
      const grey = await pixelOf(testTiff([192, 64], { ...layout, photometric: 1 }));
      assert.deepEqual(grey, { ...read, depth: 8, pixel: [192] });
      const deep = testTiff([192, 96, 63, 64].map((v) => v * 257), { ...layout, bits: 16 });
      assert.deepEqual(await pixelOf(deep), { ...read, depth: 16, pixel: [192, 96, 63] });
    }
  }
  const two = await pixelOf(testTiff([192, 96, 63, 64, 9], { extra: [0, 0] }));
  assert.deepEqual([two.pixel, two.notes.length], [[192, 96, 63], 1]);
  const inks = await pixelOf(testTiff([255, 0, 0, 0], { photometric: 5 }));
  const more = await pixelOf(testTiff([255, 0, 0, 0, 64], { photometric: 5, extra: [0] }));
  assert.deepEqual(more.pixel, inks.pixel, "of CMYK, too");
});

Deno.test("opacity of a TIFF is opacity, and beside other channels it is refused", async () => {
  const { pixel, hasAlpha, notes } = await pixelOf(testTiff([200, 100, 60, 51], { extra: [2] }));
  assert.deepEqual([pixel, hasAlpha, notes], [[40, 20, 12], true, []], "a fifth of it on black");
  for (const extra of [[2, 0], [0, 2], [0, 1]]) {
    assert.match(
      await reasonOf(testTiff([192, 96, 63, 255, 64], { extra })),
      /^more channels than colours and opacity, .* export it as PNG first$/,
    );
  }
});

Deno.test("a TIFF without its other channel keeps its profile and is as upright as before", async () => {
  const tiff = await sharp({
    create: { width: 3, height: 2, channels: 4, background: { r: 9, g: 8, b: 7, alpha: 0.5 } },
  }).withIccProfile("p3").withMetadata({ orientation: 6 }).tiff({ compression: "none" }).toBuffer();
  const bytes = new Uint8Array(tiff), view = new DataView(bytes.buffer);
  const first = view.getUint32(4, true);
  for (let i = 0, at = first + 2; i < view.getUint16(first, true); i++, at += 12) {
    if (view.getUint16(at, true) === 338) view.setUint16(at + 8, 0, true);
  }
  const { width, height, metadata, hasAlpha } = await openPicture(bytes);
  assert.deepEqual([width, height, hasAlpha, metadata.icc !== undefined], [2, 3, false, true]);
});

Deno.test("YCbCr in a TIFF is refused by its name, unless it is packed as JPEG", async () => {
  const reason = /^colours in YCbCr that are not packed as JPEG, .* save it as RGB first$/;
  for (const isLittle of [true, false]) {
    for (const isBig of [true, false]) {
      const bytes = testTiff([76, 85, 255], { photometric: 6, isLittle, isBig });
      assert.match(await reasonOf(bytes), reason);
    }
  }
  const jpeg = await sharp({ create: { width: 16, height: 16, channels: 3, background: "red" } })
    .tiff({ compression: "jpeg", quality: 80 }).toBuffer();
  assert.deepEqual(tiffTags(jpeg).get(262), [6]);
  assert.deepEqual((await pixelOf(jpeg)).pixel.slice(0, 3).map((v) => v > 128), [
    true,
    false,
    false,
  ]);
});

Deno.test("tiffTags() reads no further than a file that is cut", () => {
  const bytes = testTiff([192, 96, 63, 64], { extra: [0] });
  assert.deepEqual(tiffTags(bytes).get(338), [0]);
  for (const length of [0, 3, 8, 20, 60]) {
    assert.equal(tiffTags(bytes.subarray(0, length)).get(338), undefined);
  }
});
