import assert from "node:assert/strict";
import { join } from "node:path";
import sharp from "sharp";
import { withFolder } from "../testing/with_folder.ts";
import { openPicture } from "./open_picture.ts";
import { PictureError } from "./picture_error.ts";
import { readPictureFile } from "./read_picture_file.ts";
import { joinPng, testPng, testProfile } from "./test_profiles.ts";

const noise = (width: number, height: number) =>
  sharp(Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919) % 251), {
    raw: { width, height, channels: 3 },
  });

const raw = async (bytes: Uint8Array) =>
  (await (await openPicture(bytes)).decode((image) => image.raw())).data;

const reasonOf = (bytes: Uint8Array) =>
  openPicture(bytes).then((picture) => picture.decode((image) => image.raw())).then(
    () => "read",
    (error) => {
      assert(error instanceof PictureError, String(error));
      return error.message;
    },
  );

/**
 * Channels of 16 bits, and what they are in sRGB: by lcms 2.14 in floating point
 * (`transicc -t0 -n -i PROFILE -o SRGB`, SRGB of Pillow's ImageCms.createProfile("sRGB")), clipped
 * to 0 … 255.
 */
const REFERENCE = {
  prophoto: [
    [30000, 40000, 50000, 26.3, 178.6, 210.6],
    [62000, 60000, 52000, 255, 236.4, 207.6],
    [9000, 5000, 2500, 62.6, 16.9, 5.0],
    [1500, 1200, 800, 5.3, 2.2, 1.0],
    [40000, 20000, 30000, 214.4, 63.5, 140.2],
    [0, 65535, 0, 0, 255, 0],
  ],
  adobe: [
    [30000, 40000, 50000, 95.7, 157.1, 197.4],
    [62000, 60000, 52000, 244.6, 234.1, 202.2],
    [9000, 5000, 2500, 34.5, 11.4, 2.1],
    [1500, 1200, 800, 0.9, 0.5, 0.2],
    [40000, 20000, 30000, 177.6, 76.6, 118.8],
    [0, 65535, 0, 0, 255, 0],
  ],
  grey: [[0, 0], [300, 0.2], [2000, 6.1], [20000, 96.4], [50000, 205.6], [65535, 255]],
} as const;

for (const name of ["prophoto", "adobe", "grey"] as const) {
  for (const bits of [16, 8] as const) {
    for (const hasAlpha of [false, true]) {
      const kind = `${bits} bits${hasAlpha ? " with opacity" : ""}`;
      Deno.test(
        `a picture of ${kind} in the profile ${name} is in sRGB within 2 levels of ` +
          `lcms`,
        async () => {
          const colors = name === "grey" ? 1 : 3, opacity = bits === 16 ? 0x8080 : 0x80;
          const values = REFERENCE[name].flatMap((row) => [
            ...row.slice(0, colors).map((v) => bits === 16 ? v : Math.round(v / 257)),
            ...(hasAlpha ? [opacity] : []),
          ]);
          const channels = (colors + (hasAlpha ? 1 : 0)) as 1 | 2 | 3 | 4;
          const png = testPng(values, { width: 3, channels, bits, profile: testProfile(name) });
          const picture = await openPicture(png);
          assert.equal(picture.depth, bits);
          const { data, info } = await picture.decode((image) => image.toColourspace("srgb").raw());
          for (const [i, row] of REFERENCE[name].entries()) {
            for (let c = 0; c < 3; c++) {
              // Rounding to 8 bits before the profile is one more source of error, in the shadows
              // of
              // a wide gamut above all.
              const expected = row[colors + Math.min(c, colors - 1)]!, most = bits === 16 ? 1 : 2;
              const got = data[i * info.channels + c]!;
              assert(Math.abs(got - expected) <= most, `${row}: ${got} in channel ${c}`);
            }
            if (hasAlpha) assert.equal(data[i * info.channels + 3], 128);
          }
        },
      );
    }
  }
}

Deno.test(
  "a large picture of 16 bits with a profile may be reduced before its colours are " +
    "converted",
  async () => {
    const [red, green, blue, r, g, b] = REFERENCE.prophoto[4];
    const values = Array.from({ length: 64 * 64 }, () => [red, green, blue]).flat();
    const png = testPng(values, {
      width: 64,
      channels: 3,
      bits: 16,
      profile: testProfile("prophoto"),
    });
    const { data, info } = await (await openPicture(png)).decode((image) => image.raw(), {
      least: 8,
    });
    assert.deepEqual([info.width, info.height], [16, 16]);
    assert([r, g, b].every((v, c) => Math.abs(data[c]! - v) <= 1));
  },
);

Deno.test(
  "a JPEG with a wrong byte in its scan's header is read as the right one, with a " +
    "note",
  async () => {
    const right = await noise(64, 48).jpeg().toBuffer();
    const scan = right.indexOf(Buffer.from([0xff, 0xda])),
      end = scan + 5 + 2 * right[scan + 4]! + 1;
    assert.equal(right[end], 63);
    const expected = await raw(right);
    for (const [at, value] of [[end, 0], [end - 1, 1], [end + 1, 0x10]] as const) {
      const wrong = Uint8Array.from(right);
      wrong[at] = value;
      const picture = await openPicture(wrong);
      assert.equal(picture.notes.length, 1);
      assert.deepEqual((await picture.decode((image) => image.raw())).data, expected);
    }
    assert.deepEqual((await openPicture(right)).notes, []);
    const progressive = await noise(64, 48).jpeg({ progressive: true }).toBuffer();
    assert.deepEqual(
      (await openPicture(progressive)).notes,
      [],
      "its scans are parts by intention",
    );
  },
);

Deno.test(
  "stray bytes between a JPEG's headers, before and after its end are passed " +
    "over",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer(), expected = await raw(jpeg);
    const first = 4 + jpeg.readUInt16BE(4); // behind the first segment
    const stray = new Uint8Array([...jpeg.subarray(0, first), 0, 7, 0, ...jpeg.subarray(first)]);
    const picture = await openPicture(stray);
    assert.deepEqual(picture.notes, ["stray bytes between its headers were passed over"]);
    assert.deepEqual((await picture.decode((image) => image.raw())).data, expected);
    const drone = new Uint8Array([...jpeg.subarray(0, -2), ...Array(12).fill(0x12), 0xff, 0xd9]);
    assert.deepEqual(await raw(drone), expected);
    assert.deepEqual(await raw(new Uint8Array([...jpeg, ...Array(4096).fill(0)])), expected);
  },
);

Deno.test(
  "a whole JPEG without its end mark is read, a progressive one that may lack scans is " +
    "not",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer();
    for (const cut of [1, 2]) {
      const picture = await openPicture(jpeg.subarray(0, -cut));
      assert.deepEqual(picture.notes, ["its missing end mark was passed over"]);
      assert.deepEqual((await picture.decode((image) => image.raw())).data, await raw(jpeg));
    }
    const progressive = await noise(64, 48).jpeg({ progressive: true }).toBuffer();
    assert.equal(await reasonOf(progressive.subarray(0, -2)), "damaged: it is cut short");
  },
);

Deno.test(
  "a JPEG that is truly cut is damaged, even with an end put behind it or a wrong " +
    "header",
  async () => {
    const jpeg = await noise(64, 48).jpeg().toBuffer(), half = jpeg.subarray(0, jpeg.length / 2);
    assert.equal(await reasonOf(half), "damaged: it is cut short");
    assert.equal(await reasonOf(jpeg.subarray(0, -20)), "damaged: it is cut short");
    assert.match(await reasonOf(new Uint8Array([...half, 0xff, 0xd9])), /^damaged/);
    const scan = half.indexOf(Buffer.from([0xff, 0xda])), wrong = Uint8Array.from(half);
    wrong[scan + 5 + 2 * wrong[scan + 4]! + 1] = 0;
    assert.match(await reasonOf(wrong), /^damaged/);
  },
);

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
  const count = async (bytes: Uint8Array) => (await openPicture(bytes)).frames;
  assert.equal(await count(await film().gif().toBuffer()), 3);
  assert.equal(await count(await film().webp().toBuffer()), 3);
  assert.equal(await count(await film().tiff().toBuffer()), 3);
  assert.equal(await count(frames[0]!), 1);
  const control = new Uint8Array(8);
  control[3] = 3;
  const apng = testPng([1, 2, 3], { width: 1, channels: 3, bits: 8, chunks: [["acTL", control]] });
  assert.equal(await count(apng), 3);
});

Deno.test(
  "a file is told by its first bytes before it is read: a sparse one of 3 GB is too " +
    "large, a device no file",
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "sparse.png");
      await Deno.writeFile(path, testPng([1, 2, 3], { width: 1, channels: 3, bits: 8 }));
      assert.equal((await readPictureFile(path)).length, (await Deno.stat(path)).size);
      await Deno.truncate(path, 3e9);
      await assert.rejects(readPictureFile(path), /too large: a file of 2,861 MiB, at most 1,024/);
      await Deno.writeTextFile(path, "no picture");
      await Deno.truncate(path, 3e9);
      await assert.rejects(readPictureFile(path), /^PictureError: not an image/);
      await assert.rejects(readPictureFile("/dev/zero"), /not a regular file/);
      await assert.rejects(readPictureFile(folder), /not a regular file/);
    }),
);

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
    /^PictureError: damaged, or packed .*: save it with LZW or Deflate$/,
  );
});
