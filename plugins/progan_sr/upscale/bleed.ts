import type { Pixels } from "./tiles.ts";

/**
 * Gives invisible pixels the colour of visible neighbours, so that what is hidden under
 * transparency (often black) does not bleed into the edges when colour and opacity are enlarged
 * separately. Each round visits only the boundary of the pixels that already have a colour.
 * @param rounds how far colours spread, px
 */
export function bleed(color: Pixels, opacity: Pixels, rounds: number): Pixels {
  const { width, height, channels } = color, data = color.data.slice();
  const known = Uint8Array.from(opacity.data, (a) => a > 0 ? 1 : 0);
  const queued = known.slice(); // known, or at the boundary
  let edge: number[] = [];
  const queue = (at: number, into: number[]) => {
    for (const n of neighbours(at, width, height)) {
      if (queued[n]) continue;
      queued[n] = 1;
      into.push(n);
    }
  };
  for (let at = 0; at < known.length; at++) if (known[at]) queue(at, edge);
  for (let round = 0; round < rounds && edge.length > 0; round++) {
    for (const at of edge) {
      const near = neighbours(at, width, height).filter((n) => known[n]);
      for (let c = 0; c < channels; c++) {
        const sum = near.reduce((s, n) => s + data[n * channels + c]!, 0); // in bounds
        data[at * channels + c] = Math.round(sum / near.length);
      }
    }
    const next: number[] = [];
    // only now, so that a round reads only what was known before it
    for (const at of edge) known[at] = 1;
    for (const at of edge) queue(at, next);
    edge = next;
  }
  return { ...color, data };
}

function neighbours(at: number, width: number, height: number): number[] {
  const x = at % width, y = (at - x) / width, out: number[] = [];
  for (let v = Math.max(0, y - 1); v <= Math.min(height - 1, y + 1); v++) {
    for (let u = Math.max(0, x - 1); u <= Math.min(width - 1, x + 1); u++) out.push(v * width + u);
  }
  return out;
}
