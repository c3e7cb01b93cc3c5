import assert from "node:assert/strict";
import { bmpSize, decodeBmp } from "./bmp.ts";
import { openPicture } from "./open_picture.ts";
import { PictureError } from "./picture_error.ts";

const PIXELS = 1e6;

/** A bitmap with a header of 40 bytes; `between` is the palette or the masks. */
function bmp(
  { width, height, bits, compression = 0, between = [], pixels }: {
    width: number;
    height: number;
    bits: number;
    compression?: number;
    between?: number[];
    pixels: number[];
  },
): Uint8Array {
  const bytes = new Uint8Array(54 + between.length + pixels.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54 + between.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  bytes.set(between, 54);
  bytes.set(pixels, 54 + between.length);
  return bytes;
}

const RED = [255, 0, 0], BLUE = [0, 0, 255], WHITE = [255, 255, 255], BLACK = [0, 0, 0];
const PALETTE = [0, 0, 255, 0, 255, 0, 0, 0]; // B, G, R, unused: red, blue
const data = (file: Uint8Array) => [...decodeBmp(file, PIXELS).data];

Deno.test("24 bits are read with padded rows, bottom up and top down", () => {
  const row = (a: number[], b: number[]) => [...a.toReversed(), ...b.toReversed(), 0, 0];
  const pixels = [...row(RED, BLUE), ...row(WHITE, BLACK)];
  const up = { width: 2, height: 2, bits: 24, pixels };
  assert.deepEqual(data(bmp(up)), [WHITE, BLACK, RED, BLUE].flat());
  assert.deepEqual(data(bmp({ ...up, height: -2 })), [RED, BLUE, WHITE, BLACK].flat());
  assert.deepEqual(bmpSize(bmp({ ...up, height: -2 })), { width: 2, height: 2 });
});

Deno.test("1, 4 and 8 bits take their colours from the palette; beyond it all is black", () => {
  const indexed = (bits: number, pixels: number[]) =>
    data(
      bmp({
        width: 3,
        height: 1,
        bits,
        between: bits === 1 ? PALETTE : [...PALETTE, ...Array(4 * 2 ** bits - 8).fill(9)],
        pixels,
      }),
    );
  const expected = [BLUE, RED, BLUE].flat();
  assert.deepEqual(indexed(1, [0b10100000, 0, 0, 0]), expected);
  assert.deepEqual(indexed(4, [0x10, 0x10, 0, 0]), expected);
  assert.deepEqual(indexed(8, [1, 0, 1, 0]), expected);
});

Deno.test("run lengths of 8 and 4 bits are unpacked: runs, literals, jumps", () => {
  const between = [...PALETTE, ...Array(4 * 254).fill(0)];
  // Bottom row: blue, blue, literal red, blue, red; end of row; jump 1 right; 2 blue; end.
  const pixels = [2, 1, 0, 3, 0, 1, 0, 0, 0, 0, 0, 2, 1, 0, 2, 1, 0, 1];
  const runs = bmp({ width: 5, height: 2, bits: 8, compression: 1, between, pixels });
  assert.deepEqual(data(runs), [RED, BLUE, BLUE, RED, RED, BLUE, BLUE, RED, BLUE, RED].flat());
  const nibbles = [3, 0x10, 0, 3, 0x01, 0x00, 0, 1]; // blue, red, blue; red, blue, red
  const four = { width: 6, height: 1, bits: 4, compression: 2, between: between.slice(0, 64) };
  assert.deepEqual(
    data(bmp({ ...four, pixels: nibbles })),
    [BLUE, RED, BLUE, RED, BLUE, RED].flat(),
  );
});

Deno.test("a palette of greys alone has one channel, and is read as a grey picture", async () => {
  const grey = (v: number) => [v, v, v, 0];
  const between = [...grey(9), ...grey(200), ...Array(4 * 254).fill(0)];
  const file = bmp({ width: 2, height: 1, bits: 8, between, pixels: [1, 0, 0, 0] });
  const { channels, data: [first, second] } = decodeBmp(file, PIXELS);
  assert.deepEqual([channels, first, second], [1, 200, 9]);
  const picture = await openPicture(file);
  assert.equal(picture.isGrey, true);
  const decoded = await picture.decode((image) => image.toColourspace("srgb").raw());
  assert.deepEqual([...decoded.data], [200, 200, 200, 9, 9, 9]);
});

Deno.test("16 bits are 5, 5, 5 or as their masks say, each widened to 0 … 255", () => {
  const pixels = [0x00, 0x7c, 0x1f, 0x00];
  assert.deepEqual(data(bmp({ width: 2, height: 1, bits: 16, pixels })), [RED, BLUE].flat());
  const between = [0x00, 0xf8, 0, 0, 0xe0, 0x07, 0, 0, 0x1f, 0, 0, 0];
  const masked = bmp({
    ...{ width: 2, height: 1, bits: 16, compression: 3, between },
    pixels: [0x00, 0xf8, 0x10, 0x84], // red; 16, 32, 16 of 31, 63, 31
  });
  assert.deepEqual(data(masked), [...RED, 132, 130, 132]);
});

Deno.test("32 bits are opaque, unless a mask says otherwise and not all is transparent", () => {
  const pixels = [0, 0, 255, 0, 255, 0, 0, 128];
  const plain = decodeBmp(bmp({ width: 2, height: 1, bits: 32, pixels }), PIXELS);
  assert.deepEqual([plain.channels, ...plain.data], [3, ...RED, ...BLUE]);
  const mask = (byte: number) => [0, 1, 2, 3].map((i) => i === byte ? 255 : 0);
  const between = [2, 1, 0, 3].flatMap(mask);
  const file = { width: 2, height: 1, bits: 32, compression: 6, between };
  assert.deepEqual(data(bmp({ ...file, pixels })), [...RED, 0, ...BLUE, 128]);
  const unseen = pixels.with(7, 0);
  assert.deepEqual(data(bmp({ ...file, pixels: unseen })), [...RED, 255, ...BLUE, 255]);
});

Deno.test(
  "no bytes whatever make decodeBmp() read outside of them or take more than its " +
    "limit",
  () => {
    const between = [...PALETTE, ...Array(4 * 254).fill(0)];
    const files = [
      bmp({ width: 3, height: 2, bits: 24, pixels: Array(24).fill(7) }),
      bmp({
        width: 5,
        height: 2,
        bits: 8,
        compression: 1,
        between,
        pixels: [5, 1, 0, 0, 5, 0, 0, 1],
      }),
      bmp({ width: 4, height: 4, bits: 8, between, pixels: Array(16).fill(1) }),
    ];
    let seed = 1;
    const random = (n: number) => (seed = (seed * 48271) % 0x7fffffff) % n;
    let read = 0, refused = 0;
    for (let round = 0; round < 20_000; round++) {
      const file = Uint8Array.from(files[round % files.length]!);
      for (let i = random(4); i >= 0; i--) file[random(Math.min(file.length, 80))] = random(256);
      const cut = random(4) === 0 ? file.subarray(0, random(file.length)) : file;
      try {
        const { data, width, height, channels } = decodeBmp(cut, PIXELS);
        assert(width * height <= PIXELS);
        assert.equal(data.length, width * height * channels);
        read++;
      } catch (error) {
        assert(error instanceof PictureError, String(error));
        refused++;
      }
    }
    assert(read > 1000 && refused > 1000, `${read} were read, ${refused} refused`);
  },
);
