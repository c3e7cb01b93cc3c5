/// <reference lib="dom" />
/** Draws a chart's data: the grid and labels, then each line over its raw range. */
import type { Buckets } from "./bucket.ts";
import type { Scale } from "./scale.ts";

/** The area of the lines, in CSS px. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What the drawing functions need. */
export interface Brush {
  context: CanvasRenderingContext2D;
  area: Area;
  x: Scale;
  y: Scale;
  /** Value of one of the page's custom properties. */
  color: (name: string) => string;
}

/** A value that has a grid line, and its label. */
export interface Tick {
  value: number;
  text: string;
}

/** Minimum gap between two labels of x, px. */
const LABEL_GAP = 12;

/** Draws grid lines and their labels; a label that would touch the previous one is left out. */
export function drawGrid(
  { context, area, x, y, color }: Brush,
  ticks: { x: readonly Tick[]; y: readonly Tick[] },
): void {
  const { left, top, width, height } = area;
  context.strokeStyle = color("--line");
  context.fillStyle = color("--ink-3");
  context.lineWidth = 1;
  context.font = `12px ${color("--sans")}`;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { value, text } of ticks.y) {
    const at = crisp(y.toPosition(value));
    context.moveTo(left, at);
    context.lineTo(left + width, at);
    context.fillText(text, left - 8, at);
  }
  context.textAlign = "center";
  context.textBaseline = "top";
  let free = 0;
  for (const { value, text } of ticks.x) {
    const at = crisp(x.toPosition(value));
    context.moveTo(at, top);
    context.lineTo(at, top + height);
    const half = context.measureText(text).width / 2;
    if (text === "" || at - half < free || at + half > left + width + 8) continue;
    context.fillText(text, at, top + height + 8);
    free = at + half + LABEL_GAP;
  }
  context.stroke();
}

/** One line of thinned data. */
export interface Stroke {
  x: Buckets["x"];
  series: Buckets["series"][number];
  /** A custom property, e.g. "--c0". */
  color: string;
  /** Opacity of the raw range. */
  shade: number;
}

/** Draws the raw ranges of all lines, then the lines themselves, clipped to the area. */
export function drawLines({ context, area, x, y, color }: Brush, strokes: readonly Stroke[]): void {
  context.save();
  context.beginPath();
  context.rect(area.left, area.top, area.width, area.height);
  context.clip();
  for (const { x: at, series: { min, max }, color: name, shade } of strokes) {
    const known = at.flatMap((_, i) => min[i] === null ? [] : [i]);
    if (known.length < 2) continue;
    context.beginPath();
    // `known` contains only points with numbers
    for (const i of known) context.lineTo(x.toPosition(at[i]!), y.toPosition(max[i]!));
    for (const i of known.reverse()) context.lineTo(x.toPosition(at[i]!), y.toPosition(min[i]!));
    context.globalAlpha = shade;
    context.fillStyle = color(name);
    context.fill();
  }
  context.globalAlpha = 1;
  context.lineWidth = 1.8;
  context.lineJoin = "round";
  for (const { x: at, series: { last }, color: name } of strokes) {
    context.strokeStyle = context.fillStyle = color(name);
    context.beginPath();
    let points = 0;
    for (let i = 0; i < at.length; i++) {
      if (last[i] === null) continue; // lines continue across gaps
      context.lineTo(x.toPosition(at[i]!), y.toPosition(last[i]!));
      points++;
    }
    context.stroke();
    const only = points === 1 ? last.findIndex((value) => value !== null) : -1;
    if (only >= 0) drawDot(context, x.toPosition(at[only]!), y.toPosition(last[only]!));
  }
  context.restore();
}

/** Draws the cursor's x over the labels of the x axis. */
export function drawMark({ context, area, color }: Brush, at: number, text: string): void {
  const { left, top, width, height } = area;
  context.font = `600 12px ${color("--sans")}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  const half = context.measureText(text).width / 2 + 6;
  const middle = Math.max(half, Math.min(left + width + 8 - half, at));
  context.fillStyle = color("--ink");
  context.beginPath();
  context.roundRect(middle - half, top + height + 4, 2 * half, 20, 5);
  context.fill();
  context.fillStyle = color("--surface");
  context.fillText(text, middle, top + height + 8);
}

/** A point. */
export function drawDot(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.beginPath();
  context.arc(x, y, 3.5, 0, 2 * Math.PI);
  context.fill();
}

/** The centre of a pixel, at which a line 1 px wide is sharp. */
function crisp(position: number): number {
  return Math.round(position - 0.5) + 0.5;
}
