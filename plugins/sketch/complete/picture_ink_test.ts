/** The same sketch in many colours on many kinds of paper. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import sharp, { type Sharp } from "sharp";
import { inkOfPicture } from "./picture_ink.ts";
import { dropSpecks } from "./specks.ts";

const SIDE = 256;

/** A circle and a line, as an SVG of 256 px. */
const sketch = (stroke: string, paper = "none", second = stroke) =>
  new TextEncoder().encode(
    `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" fill="none" ` +
      `stroke-width="6">` +
      `<rect width="256" height="256" fill="${paper}"/><circle cx="125" cy="115" r="72" stroke="${stroke}"/>` +
      `<path d="M128 198V240" stroke="${second}"/></svg>`,
  );

/** Coverage of each pixel, 0 … 1. */
const COVERAGE = await sharp(sketch("#fff", "#000")).greyscale().raw().toBuffer()
  .then((data) => Float32Array.from(data, (value) => value / 255));

/** The sketch as a noisy photo: `light` (0 … 1 at x, y) falls on the paper. */
function photo(light: (x: number, y: number) => number, ink = 0.4): Sharp {
  let state = 1;
  const noise = () => (state = state * 48271 % 2147483647) / 2147483647 - 0.5;
  const data = new Uint8Array(3 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const value = 255 * light(i % SIDE / SIDE, Math.floor(i / SIDE) / SIDE) *
      (1 - COVERAGE[i]! * (1 - ink));
    for (let c = 0; c < 3; c++) {
      data[3 * i + c] = Math.max(0, Math.min(255, value * [1, 0.97, 0.9][c]! + 12 * noise()));
    }
  }
  return sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } });
}

/** Checks that ink differs little from the coverage, both at edges and on average. */
async function isSketch(picture: Sharp, name: string, found: string | undefined, mean = 0.01) {
  const bytes = new Uint8Array(await picture.toBuffer());
  const { ink, side, ...told } = await inkOfPicture(bytes, SIDE);
  assert.equal(side, SIDE);
  assert.equal(told.found, found, name);
  const apart = ink.reduce((sum, value, i) => sum + Math.abs(value - COVERAGE[i]!), 0);
  assert.ok(apart / ink.length < mean, `${name}: ${apart / ink.length}`);
  for (const [i, value] of ink.entries()) {
    if (COVERAGE[i] === 1) assert.ok(value > 0.5, `${name}: ${value} in a line`);
  }
}

Deno.test("a sketch of one colour on another is the same, whatever they are", async () => {
  const colours: [stroke: string, paper: string, found?: string][] = [
    ["#000", "#fff"],
    ["#ffdc00", "#fff"], // of almost the same lightness
    ["#e6e6e6", "#fff"],
    ["#aa0000", "#ffcc99"],
    ["#fff", "#000", "light lines on dark paper"],
    ["#dc1e1e", "#1e3cc8", "light lines on dark paper"],
    ["#8cb4ff", "#102040", "light lines on dark paper"],
  ];
  for (const [stroke, paper, found] of colours) {
    await isSketch(sharp(sketch(stroke, paper)).png(), `${stroke} on ${paper}`, found);
  }
  const deep = sharp(sketch("#000", "#fff")).toColourspace("rgb16").png();
  await isSketch(deep, "16 bits", undefined);
  await isSketch(sharp(sketch("#000", "#fff")).greyscale().png(), "grey", undefined);
});

Deno.test("lines of several colours are all ink", async () => {
  await isSketch(sharp(sketch("#000", "#fff", "#aac8ff")).png(), "black and light blue", undefined);
});

Deno.test("strokes on transparency are ink, whatever their colour; so are transparent lines in paper", async () => {
  for (const stroke of ["#fff", "#000", "#ffdc00", "#0000005a"]) {
    await isSketch(sharp(sketch(stroke)).png(), stroke, "strokes on transparency");
  }
  const alpha = Uint8Array.from(COVERAGE, (value) => Math.round(255 * (1 - value)));
  const paper = { create: { width: SIDE, height: SIDE, channels: 3 as const, background: "#fff" } };
  const cut = sharp(paper).joinChannel(Buffer.from(alpha), {
    raw: { width: SIDE, height: SIDE, channels: 1 },
  });
  await isSketch(cut.png(), "cut out", "transparent lines in paper");
});

Deno.test("a filled sketch on transparency is lines on its own paper", async () => {
  const sticker = new TextEncoder().encode(
    `<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><circle cx="128" cy="128" r="90" ` +
      `fill="#fffaf0" stroke="#000" stroke-width="6"/></svg>`,
  );
  const bytes = new Uint8Array(await sharp(sticker).png().toBuffer());
  const { ink } = await inkOfPicture(bytes, SIDE);
  const at = (x: number, y: number) => ink[y * SIDE + x]!;
  assert.deepEqual([at(128, 128), at(4, 4), at(128, 38)], [0, 0, 1]);
});

Deno.test("lossy compression leaves no dust beside lines", async () => {
  for (const [stroke, paper] of [["#f0f0f0", "#14141e"], ["#ffdc00", "#fff"]] as const) {
    const jpeg = await sharp(sketch(stroke, paper)).jpeg({ quality: 70 }).toBuffer();
    const { ink } = await inkOfPicture(new Uint8Array(jpeg), SIDE);
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        const far = Math.abs(Math.hypot(x - 125, y - 115) - 72);
        if (far > 12 && (Math.abs(x - 128) > 12 || y < 180)) {
          assert.ok(ink[y * SIDE + x]! < 0.3, `${stroke}: ${ink[y * SIDE + x]} at ${x}, ${y}`);
        }
      }
    }
  }
});

Deno.test("lines are found on shaded paper, under a shadow and on a blackboard, and that is said", async () => {
  const darker = "paper in uneven light, with darker lines";
  await isSketch(photo((x, y) => 0.35 + 0.5 * (0.7 * x + 0.3 * y)).png(), "shaded", darker, 0.02);
  const shadow = (x: number, y: number) => 0.9 - 0.45 / (1 + Math.exp(-40 * (x + y / 2 - 0.9)));
  await isSketch(photo(shadow).png(), "shadow", darker, 0.03);
  const lighter = "paper in uneven light, with lighter lines";
  await isSketch(photo((x, y) => 0.15 + 0.2 * x * y, 2.5).png(), "blackboard", lighter, 0.02);
  await isSketch(photo((x) => 0.4 + 0.5 * x).jpeg({ quality: 85 }), "JPEG", darker, 0.03);
});

Deno.test("blank pictures have no ink: of one colour, transparent, or of noise alone", async () => {
  const plain = { width: 90, height: 60, channels: 4 as const };
  const blank: Record<string, Sharp> = {
    white: sharp({ create: { ...plain, background: "#ffff" } }).png(),
    transparent: sharp({ create: { ...plain, background: "#0000" } }).png(),
    noise: photo(() => 0.8, 1).jpeg({ quality: 80 }),
  };
  for (const [name, picture] of Object.entries(blank)) {
    const { ink } = await inkOfPicture(new Uint8Array(await picture.toBuffer()), SIDE);
    assert.ok(ink.every((value) => value <= 0.25), name);
  }
});

Deno.test("dropSpecks() takes small faint groups away, and leaves lines and strong dots", () => {
  const width = 40, values = new Float32Array(width * 20);
  for (let x = 0; x < 35; x++) values[5 * width + x] = 12; // a faint line
  values.set([12, 12], 10 * width); // a speck at the edge
  values.set([12], 11 * width + 39); // at the opposite edge
  values.set([30], 15 * width + 20); // a dot
  dropSpecks(values, { width }, 10);
  const left = [...values.entries()].filter(([, value]) => value > 0).map(([i]) => i);
  const line = Array.from({ length: 35 }, (_, x) => 5 * width + x);
  assert.deepEqual(left, [...line, 15 * width + 20]);
});

Deno.test("of several frames the first is read, which is told", async () => {
  const frames = await Promise.all(
    [sketch("#000", "#fff"), sketch("#fff", "#000")].map((svg) => sharp(svg).png().toBuffer()),
  );
  const film = await sharp(frames, { join: { animated: true } }).gif().toBuffer();
  const { found, notes } = await inkOfPicture(new Uint8Array(film), SIDE);
  assert.deepEqual([found, notes], [undefined, ["only the first of 2 frames is used"]]);
});
