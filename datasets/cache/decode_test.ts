import assert from "node:assert/strict";
import sharp from "sharp";
import { gradientPng, plainPng } from "../test_images.ts";
import { decodeImage, ownSide, SkipError } from "./decode.ts";
import { boxReductions, pyramid } from "./pyramid.ts";

const options = { fit: "cover", background: "#ffffff", channels: 3 } as const;
const first = (pixels: Uint8Array, n = 3) => [...pixels.subarray(0, n)];

Deno.test("decodeImage() lays transparent pixels on the background", async () => {
  const half = await plainPng({ r: 0, g: 0, b: 0, alpha: 0.5 });
  const [r, g, b] = first((await decodeImage(half, { ...options, background: "#ff0000" })).pixels);
  // half of 255, half of 0
  assert.ok(Math.abs(r! - 127) <= 1 && g === 0 && b === 0, `${r} ${g} ${b}`);
});

Deno.test(
  "decodeImage() reads grey, 16-bit and palette pictures as RGB, and RGB as " +
    "grey",
  async () => {
    const grey = await sharp(await plainPng({ r: 99, g: 99, b: 99 })).toColourspace("b-w").png()
      .toBuffer();
    assert.deepEqual(first((await decodeImage(grey, options)).pixels), [99, 99, 99]);
    const deep = await sharp(await plainPng({ r: 10, g: 128, b: 250 })).toColourspace("rgb16").png()
      .toBuffer();
    assert.equal((await sharp(deep).metadata()).depth, "ushort");
    assert.deepEqual(first((await decodeImage(deep, options)).pixels), [10, 128, 250]);
    const palette = await sharp(await plainPng({ r: 1, g: 2, b: 3 })).png({ palette: true })
      .toBuffer();
    assert.deepEqual(first((await decodeImage(palette, options)).pixels), [1, 2, 3]);
    const one = await decodeImage(await plainPng({ r: 50, g: 50, b: 50 }), {
      ...options,
      channels: 1,
    });
    assert.equal(one.pixels.length, 64);
    assert.equal(one.pixels[0], 50);
  },
);

Deno.test("decodeImage() fits a wide picture by cover, contain and stretch", async () => {
  // 16×8: left half black, right half white
  const pixels = Uint8Array.from(
    { length: 16 * 8 * 3 },
    (_, i) => Math.floor(i / 3) % 16 < 8 ? 0 : 255,
  );
  const wide = await sharp(pixels, { raw: { width: 16, height: 8, channels: 3 } }).png().toBuffer();
  const cover = await decodeImage(wide, options);
  assert.deepEqual([cover.side, cover.width, cover.height], [8, 16, 8]);
  assert.equal(cover.pixels[0], 0);
  assert.equal(cover.pixels[7 * 3], 255);
  const contain = await decodeImage(wide, { ...options, fit: "contain", background: "#00ff00" });
  assert.equal(contain.side, 16);
  assert.deepEqual(first(contain.pixels), [0, 255, 0]);
  const stretch = await decodeImage(wide, { ...options, fit: "stretch" });
  assert.deepEqual([stretch.side, stretch.pixels[0], stretch.pixels[7 * 3]], [8, 0, 255]);
});

Deno.test(
  "decodeImage() gives grey pictures the background that colour pictures " +
    "have",
  async () => {
    const colour = sharp(await plainPng({ r: 99, g: 99, b: 99 }, 16, 8));
    const clear = sharp(await plainPng({ r: 0, g: 0, b: 0, alpha: 0 }, 16, 8));
    const grey = await colour.clone().toColourspace("b-w").png().toBuffer();
    const pictures = {
      colour: await colour.png().toBuffer(),
      grey,
      deep: await sharp(grey).toColourspace("grey16").png().toBuffer(),
      clear: await clear.toColourspace("b-w").png().toBuffer(),
    };
    assert.equal((await sharp(pictures.clear).metadata()).space, "b-w");
    const contained = { ...options, fit: "contain", background: "#ff0000" } as const;
    for (const [name, bytes] of Object.entries(pictures)) {
      const { pixels } = await decodeImage(bytes, contained), middle = (8 * 16 + 8) * 3;
      assert.deepEqual(first(pixels), [255, 0, 0], name);
      const shown = name === "clear" ? [255, 0, 0] : [99, 99, 99];
      assert.deepEqual([...pixels.subarray(middle, middle + 3)], shown, name);
      const one = await decodeImage(bytes, { ...contained, channels: 1 });
      assert.equal(one.pixels[0], 127, `${name}: red's luminance 0.2126 in sRGB, rounded down`);
    }
  },
);

Deno.test("decodeImage() turns a picture upright by its EXIF orientation", async () => {
  // Orientation 6: displayed rotated clockwise, so the stored left column becomes the top row.
  const jpeg = await sharp(await gradientPng(16, 8)).jpeg({ quality: 100 }).withMetadata({
    orientation: 6,
  })
    .toBuffer();
  const { width, height, pixels } = await decodeImage(jpeg, { ...options, fit: "stretch" });
  assert.deepEqual([width, height], [8, 16]);
  const red = (x: number, y: number) => pixels[(y * 8 + x) * 3]!;
  assert.ok(red(0, 7) - red(0, 0) > 60, "red rises downwards, where it rose to the right");
});

Deno.test("decodeImage() takes an animation's first frame", async () => {
  const frames = [await plainPng({ r: 200, g: 0, b: 0 }), await plainPng({ r: 0, g: 0, b: 200 })];
  const film = await sharp(frames, { join: { animated: true } }).webp({ lossless: true })
    .toBuffer();
  assert.deepEqual(first((await decodeImage(film, options)).pixels), [200, 0, 0]);
});

Deno.test("decodeImage() says why it leaves a file out", async () => {
  const noise = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251);
  const picture = () => sharp(noise, { raw: { width: 64, height: 64, channels: 3 } });
  const half = (bytes: Uint8Array) => bytes.subarray(0, bytes.length / 2);
  const jpeg = await picture().jpeg().toBuffer(), cut = /^damaged: it is cut short$/;
  const broken = await picture().png().toBuffer();
  broken.fill(7, 200, 300); // its checksum differs
  const svg = new TextEncoder().encode(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  );
  const cases: [string, Uint8Array, RegExp][] = [
    ["empty", new Uint8Array(), /empty/],
    ["foreign", new TextEncoder().encode("hello"), /not an image/],
    ["svg", svg, /^an SVG/],
    ["truncated JPEG", half(jpeg), cut],
    ["header only", jpeg.subarray(0, 8), cut],
    ["truncated PNG", half(await picture().png().toBuffer()), cut],
    ["truncated WebP", half(await picture().webp({ lossless: true }).toBuffer()), cut],
    ["truncated GIF", half(await picture().gif().toBuffer()), cut],
    ["broken PNG", broken, /^damaged$/],
  ];
  for (const [name, bytes, reason] of cases) {
    await assert.rejects(decodeImage(bytes, options), (error: Error) => {
      assert.ok(error instanceof SkipError, name);
      assert.match(error.message, reason, name);
      return true;
    });
  }
});

Deno.test("ownSide() is the power of two below the side that decides", () => {
  assert.equal(ownSide(300, 200, "cover", 1024), 128);
  assert.equal(ownSide(300, 200, "contain", 1024), 256);
  assert.equal(ownSide(5000, 5000, "cover", 1024), 1024);
  assert.equal(ownSide(1, 1, "cover", 1024), 4);
});

Deno.test(
  "pyramid() gives exact means below a picture's size: average pooling of any larger " +
    "one",
  async () => {
    const side = 16,
      pixels = Uint8Array.from({ length: side * side * 3 }, (_, i) => (i * 7919) % 256);
    const [four, eight, sixteen] = await pyramid(pixels, side, 3, [4, 8, 16]);
    assert.deepEqual(sixteen, pixels);
    for (const [resolution, reduced] of [[4, four!], [8, eight!]] as const) {
      const block = side / resolution;
      for (let i = 0; i < reduced.length; i++) {
        const c = i % 3, x = Math.floor(i / 3) % resolution, y = Math.floor(i / 3 / resolution);
        let sum = 0;
        for (let dy = 0; dy < block; dy++) {
          for (let dx = 0; dx < block; dx++) {
            sum += pixels[((y * block + dy) * side + x * block + dx) * 3 + c]!;
          }
        }
        assert.equal(reduced[i], Math.round(sum / block ** 2));
      }
    }
    const pooled = boxReductions(eight!, 8, 3, 4).get(4)!;
    const apart = Math.max(...pooled.map((value, i) => Math.abs(value - four![i]!)));
    assert.ok(apart <= 1, `rounded twice they differ by ${apart}`);
  },
);

Deno.test("pyramid() enlarges a plain picture to the same colour", async () => {
  const pixels = new Uint8Array(4 * 4 * 1).fill(77);
  const [eight] = await pyramid(pixels, 4, 1, [8]);
  assert.deepEqual([...eight!], Array(64).fill(77));
});

Deno.test("decodeImage() keeps opacity where four channels are read, colours times it", async () => {
  const transparent = { ...options, channels: 4 } as const;
  const half = await plainPng({ r: 200, g: 100, b: 0, alpha: 0.5 });
  const { pixels, isOpaque } = await decodeImage(half, transparent);
  const [r, g, b, a] = first(pixels, 4) as [number, number, number, number];
  assert.ok(Math.abs(a - 128) <= 1 && Math.abs(r - 100) <= 1 && Math.abs(g - 50) <= 1 && b === 0);
  assert.equal(isOpaque, false);
  const opaque = await decodeImage(await plainPng({ r: 9, g: 8, b: 7 }), transparent);
  assert.deepEqual([first(opaque.pixels, 4), opaque.isOpaque], [[9, 8, 7, 255], true]);
  const grey = await sharp(await plainPng({ r: 99, g: 99, b: 99 })).toColourspace("b-w").png()
    .toBuffer();
  assert.deepEqual(first((await decodeImage(grey, transparent)).pixels, 4), [99, 99, 99, 255]);
});

Deno.test("a wide picture that is contained has nothing above it", async () => {
  const wide = await gradientPng(16, 8);
  const { pixels } = await decodeImage(wide, {
    fit: "contain",
    background: "#ffffff",
    channels: 4,
  });
  assert.deepEqual(first(pixels, 4), [0, 0, 0, 0]);
});

Deno.test("pyramid() enlarges colours and opacity apart, no colour above its opacity", async () => {
  const side = 4, pixels = new Uint8Array(side * side * 4);
  for (let i = 0; i < side * side; i++) {
    if (i % side < 2) pixels.set([255, 120, 0, 255], i * 4); // the left half
  }
  const [large] = await pyramid(pixels, side, 4, [16]);
  assert.equal(large!.length, 16 * 16 * 4);
  for (let i = 0; i < large!.length; i += 4) {
    const [r, g, b, a] = large!.subarray(i, i + 4) as unknown as [number, number, number, number];
    assert.ok(r <= a && g <= a && b <= a, `${r} ${g} ${b} ${a}`);
  }
  assert.deepEqual([first(large!, 4), [...large!.subarray(60, 64)]], [[255, 120, 0, 255], [
    0,
    0,
    0,
    0,
  ]]);
});
