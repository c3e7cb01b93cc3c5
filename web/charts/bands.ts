/// <reference lib="dom" />
/** Phases behind a chart: each resolution in its ring's colour, fades hatched. */
import type uPlot from "uplot";
import type { Band } from "./axis.ts";

/**
 * Draws the bands that are in view.
 * @param color value of a custom property of the page
 */
export function drawBands(u: uPlot, bands: readonly Band[], color: (name: string) => string): void {
  const { ctx, bbox } = u;
  const { left, top, width, height } = bbox; // device px
  const scale = devicePixelRatio || 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, 0, width, top + height); // labels stand above the plot
  ctx.clip();
  ctx.font = `600 ${11 * scale}px ${color("--sans")}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  let free = -Infinity;
  let before = 0;
  for (const { from, to, resolution, kind } of bands) {
    const x0 = u.valToPos(from, "x", true);
    const x1 = u.valToPos(to, "x", true);
    if (x1 >= left && x0 <= left + width) {
      ctx.fillStyle = color(`--r${ringOf(resolution)}`);
      ctx.strokeStyle = ctx.fillStyle;
      ctx.globalAlpha = 0.1;
      ctx.fillRect(x0, top, x1 - x0, height);
      if (kind === "fade") {
        hatch(ctx, [Math.max(x0, left), Math.min(x1, left + width)], bbox, 7 * scale);
      }
      const at = Math.max(x0, left) + 1 * scale;
      if (resolution !== before && at > free && x1 - at > 26 * scale) {
        ctx.globalAlpha = 1;
        ctx.fillStyle = color("--ink-3");
        ctx.fillText(`${resolution}²`, at, top - 2 * scale);
        free = at + 34 * scale;
      }
    }
    before = resolution;
  }
  ctx.restore();
}

/** Index of a resolution's ring colour: 4 px is 0. */
export function ringOf(resolution: number): number {
  return Math.min(8, Math.max(0, Math.round(Math.log2(resolution)) - 2));
}

function hatch(
  ctx: CanvasRenderingContext2D,
  [x0, x1]: [number, number],
  { top, height }: { top: number; height: number },
  step: number,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x0, top, x1 - x0, height);
  ctx.clip();
  ctx.globalAlpha = 0.2;
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (let x = Math.floor((x0 - height) / step) * step; x < x1; x += step) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}
