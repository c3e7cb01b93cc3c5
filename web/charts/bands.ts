/// <reference lib="dom" />
/** Phases behind a chart: each resolution in its own colour, fades hatched. */
import type { Band } from "./axis.ts";
import type { Area, Brush } from "./paint.ts";

/** Draws the visible bands, and labels the resolutions above them. */
export function drawBands({ context, area, x, color }: Brush, bands: readonly Band[]): void {
  const { left, top, width, height } = area;
  context.save();
  context.beginPath();
  context.rect(left, 0, width, top + height); // the labels are above the area
  context.clip();
  context.font = `600 11px ${color("--sans")}`;
  context.textBaseline = "bottom";
  context.textAlign = "left";
  for (const { from, to, resolution, kind } of bands) {
    const x0 = x.toPosition(from), x1 = x.toPosition(to);
    if (x1 < left || x0 > left + width) continue;
    context.fillStyle = context.strokeStyle = color(`--r${ringOf(resolution)}`);
    context.globalAlpha = 0.1;
    context.fillRect(x0, top, x1 - x0, height);
    if (kind === "fade") hatch(context, Math.max(x0, left), Math.min(x1, left + width), area);
  }
  context.globalAlpha = 1;
  context.fillStyle = color("--ink-3");
  for (const { from, to, resolution } of byResolution(bands)) {
    const label = `${resolution}²`;
    const at = Math.max(x.toPosition(from), left) + 1;
    const end = Math.min(x.toPosition(to), left + width);
    if (end - at >= context.measureText(label).width + 4) context.fillText(label, at, top - 2);
  }
  context.restore();
}

/** Merges the bands of each resolution, that is, its fade and its stabilization. */
export function byResolution(bands: readonly Band[]): Omit<Band, "kind">[] {
  const all: Omit<Band, "kind">[] = [];
  for (const { from, to, resolution } of bands) {
    const last = all.at(-1);
    if (last?.resolution === resolution) last.to = to;
    else all.push({ from, to, resolution });
  }
  return all;
}

/** Index of a resolution's colour; that of 4 px is 0. */
export function ringOf(resolution: number): number {
  return Math.min(8, Math.max(0, Math.round(Math.log2(resolution)) - 2));
}

function hatch(
  context: CanvasRenderingContext2D,
  x0: number,
  x1: number,
  { top, height }: Area,
): void {
  context.save();
  context.beginPath();
  context.rect(x0, top, x1 - x0, height);
  context.clip();
  context.globalAlpha = 0.2;
  context.lineWidth = 0.6;
  context.beginPath();
  for (let x = Math.floor((x0 - height) / 7) * 7; x < x1; x += 7) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
}
