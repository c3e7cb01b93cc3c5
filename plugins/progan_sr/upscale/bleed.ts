import type { Pixels } from "./tiles.ts";

/**
 * Gives invisible pixels the colour of visible ones near by, so that what lies hidden under transparency (often
 * black) does not bleed into the edges when colour and opacity are enlarged apart.
 * @param rounds how far, px
 */
export function bleed(color: Pixels, opacity: Pixels, rounds: number): Pixels {
  const { width, height, channels } = color, data = color.data.slice();
  let known = opacity.data.map((a) => a > 0 ? 1 : 0);
  for (let round = 0; round < rounds; round++) {
    const next = known.slice();
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        if (known[at]) continue;
        const near = neighbours(x, y, width, height).filter((n) => known[n]);
        if (near.length === 0) continue;
        for (let c = 0; c < channels; c++) {
          const sum = near.reduce((s, n) => s + data[n * channels + c]!, 0); // inside
          data[at * channels + c] = Math.round(sum / near.length);
        }
        next[at] = 1;
      }
    }
    known = next;
  }
  return { ...color, data };
}

function neighbours(x: number, y: number, width: number, height: number): number[] {
  const out: number[] = [];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) out.push(v * width + u);
  }
  return out;
}
