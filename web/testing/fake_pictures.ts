/**
 * Pictures like those of a growing generator: faces by seed, blurred and noisy depending on
 * progress.
 */
import { Buffer } from "node:buffer";
import sharp from "sharp";

/** A grid to draw. */
export interface FakeGrid {
  columns: number;
  rows: number;
  resolution: number; // px a side of a cell
  /** From 0 (noise) to 1 (as good as the data). */
  quality: number;
  firstSeed: number;
}

/**
 * Draws a grid of faces.
 * @returns PNG
 */
export async function fakeGrid(grid: FakeGrid): Promise<Uint8Array> {
  const { columns, rows, resolution, quality, firstSeed } = grid;
  const cells = Array.from({ length: columns * rows }, (_, i) => i);
  const composite = await Promise.all(cells.map(async (i) => ({
    input: Buffer.from(await fakeCell(firstSeed + i, resolution, quality)),
    raw: { width: resolution, height: resolution, channels: 3 as const },
    left: (i % columns) * resolution,
    top: Math.floor(i / columns) * resolution,
  })));
  const size = { width: columns * resolution, height: rows * resolution };
  const png = await sharp({ create: { ...size, channels: 3, background: "#fff" } })
    .composite(composite).png().toBuffer();
  return new Uint8Array(png);
}

async function fakeCell(seed: number, resolution: number, quality: number): Promise<Uint8Array> {
  const random = randomOf(seed * 7919 + 13);
  const hue = random() < 0.7 ? 38 + 20 * random() : 360 * random();
  const [eye, smile, tilt] = [3 + 4 * random(), -8 + 18 * random(), -10 + 20 * random()];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" fill="#fff"/><g transform="rotate(${tilt} 32 32)">
<radialGradient id="g" cx="40%" cy="30%"><stop offset="0" stop-color="hsl(${hue} 95% 72%)"/>
<stop offset="1" stop-color="hsl(${hue} 90% 50%)"/></radialGradient>
<circle cx="32" cy="32" r="27" fill="url(#g)"/>
<ellipse cx="22" cy="27" rx="${eye * 0.7}" ry="${eye}" fill="#4a2c12"/>
<ellipse cx="42" cy="27" rx="${eye * 0.7}" ry="${eye}" fill="#4a2c12"/>
<path d="M20 42 Q32 ${42 + smile} 44 42" stroke="#4a2c12" stroke-width="3.4" fill="none"
 stroke-linecap="round"/></g></svg>`;
  const blur = (1 - quality) * resolution * 0.12;
  let picture = sharp(Buffer.from(svg)).resize(resolution, resolution).removeAlpha();
  if (blur > 0.3) picture = picture.blur(blur);
  const pixels = new Uint8Array(await picture.raw().toBuffer());
  const noise = randomOf(seed * 31 + Math.round(quality * 1000));
  const mean = 190;
  return pixels.map((value) => {
    const faded = mean + (value - mean) * (0.3 + 0.7 * quality);
    return Math.max(0, Math.min(255, faded + (noise() - 0.5) * 120 * (1 - quality)));
  });
}

/**
 * Uniform random numbers in [0, 1) from a seed (mulberry32); for appearance only, not for
 * statistics.
 */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
