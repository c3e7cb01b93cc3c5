/// <reference lib="dom" />
/** A chart on two canvases: the drawing, and an overlay that follows the pointer. */
import type { Band, XAxis } from "./axis.ts";
import { drawBands } from "./bands.ts";
import { bucket } from "./bucket.ts";
import { nearestKnown, type ReadLine, stepCursor } from "./cursor.ts";
import { type Range, xText, xTicks, yRange, yTicks } from "./layout.ts";
import { type Area, type Brush, drawDot, drawGrid, drawLines, drawMark } from "./paint.ts";
import { trackPointer } from "./pointer.ts";
import { type Bend, createScale } from "./scale.ts";
import { linkCursors } from "./sync.ts";

/** One line: raw and smoothed values over its source's x. */
export interface PlotLine {
  label: string;
  color: number; // 0 … 7
  raw: ArrayLike<number>;
  /** Computes the values at the first call. */
  smooth: () => ArrayLike<number>;
}

/** Lines with a common x. */
export interface PlotSource {
  x: ArrayLike<number>; // ascending
  lines: readonly PlotLine[];
}

/** Everything that a drawing shows. */
export interface PlotState {
  sources: readonly PlotSource[];
  /** Labels of the lines that are not drawn. */
  hidden: readonly string[];
  bands: readonly Band[];
  /** Whether to draw the bands; on the phase axis they give x its labels in any case. */
  shade: boolean;
  axis: XAxis;
  log: boolean;
  range: Range;
  size: { width: number; height: number }; // px
}

export interface PlotEvents {
  onView: (view: Range | null) => void;
  /** Called with what is under the cursor; null when it has left. */
  onCursor: (reading: Reading | null) => void;
}

/** What the cursor reads. */
export interface Reading {
  x: string;
  /** The nearest value of each line; null if the line is hidden or has none. */
  values: (number | null)[];
}

export interface Plot {
  draw(state: PlotState): void;
  /** Moves the cursor by one point, in all linked plots. */
  moveCursor(by: -1 | 1): void;
  close(): void;
}

/**
 * What the cursor needs from the last drawing: its lines in the order of all lines, null for hidden
 * ones.
 */
interface Drawn {
  brush: Brush;
  lines: (ReadLine & { color: string } | null)[];
  /** x in words. */
  tell: (x: number) => string;
}

/**
 * Creates a plot inside `place`, which {@linkcode Plot.draw} fills.
 * @param key plots with the same key share the cursor
 */
export function createPlot(
  place: HTMLElement,
  { key, events }: { key: string; events: PlotEvents },
): Plot {
  const base = place.appendChild(document.createElement("canvas"));
  const over = place.appendChild(document.createElement("canvas"));
  let drawn: Drawn | null = null;
  let cursor: number | null = null; // in units of x
  let selected: Range | null = null;

  /** Draws the cursor's line and points, and the selected range. */
  function drawOver(): void {
    if (!drawn) return;
    const { brush, lines, tell } = drawn;
    const { area, x, y, color } = brush;
    const context = clear(over);
    if (!context) return;
    const { left, top, width, height } = area;
    if (selected) {
      const [from, to] = selected.map(x.toPosition) as [number, number]; // a pair, like `selected`
      context.fillStyle = color("--ink");
      context.globalAlpha = 0.1;
      context.fillRect(Math.min(from, to), top, Math.abs(to - from), height);
      context.globalAlpha = 1;
    }
    const at = cursor === null ? NaN : x.toPosition(cursor);
    if (!(at >= left && at <= left + width)) return;
    context.fillStyle = color("--ink-3");
    context.fillRect(Math.round(at), top, 1, height);
    for (const line of lines) {
      const i = line ? nearestKnown(line, cursor!) : -1; // not null, because `at` is a number
      const value = line?.last[i];
      if (!line || value === null || value === undefined) continue;
      const dot = x.toPosition(line.x[i]!);
      // the point outside the range to which the line leads
      if (dot < left || dot > left + width) continue;
      context.fillStyle = color(line.color);
      drawDot(context, dot, y.toPosition(value));
    }
    drawMark({ ...brush, context }, at, tell(cursor!));
  }

  function setCursor(next: number | null): void {
    cursor = next;
    drawOver();
    events.onCursor(
      next === null || !drawn ? null : {
        x: drawn.tell(next),
        values: drawn.lines.map((line) => line?.last[nearestKnown(line, next)] ?? null),
      },
    );
  }

  const link = linkCursors(key, setCursor);
  const release = trackPointer(over, {
    scale: () => drawn?.brush.x ?? null,
    onMove: link.tell,
    onSelect(range) {
      selected = range;
      drawOver();
    },
    onView: events.onView,
  });

  return {
    draw(state) {
      for (const canvas of [base, over]) resize(canvas, state.size);
      drawn = drawAll(base, place, state);
      drawOver();
    },
    moveCursor(by) {
      if (!drawn) return;
      const lines = drawn.lines.filter((line) => line !== null);
      const next = stepCursor(lines, { from: cursor, by, range: drawn.brush.x.range });
      if (next !== null) link.tell(next);
    },
    close() {
      release();
      link.close();
      base.remove();
      over.remove();
    },
  };
}

/** Margins for labels around the lines, px. */
const MARGIN = { left: 58, top: 18, right: 8, bottom: 30 };

function drawAll(canvas: HTMLCanvasElement, place: HTMLElement, state: PlotState): Drawn | null {
  const { sources, hidden, bands, shade, axis, log, range, size } = state;
  const context = clear(canvas);
  if (!context) return null;
  const style = getComputedStyle(place);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const area: Area = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(1, size.width - MARGIN.left - MARGIN.right),
    height: Math.max(1, size.height - MARGIN.top - MARGIN.bottom),
  };
  const [from, to] = range;
  const lines = sources.flatMap(({ x, lines }) => {
    const shown = lines.filter(({ label }) => !hidden.includes(label));
    const whole = shown.map(({ raw, smooth }) => ({ raw, smooth: smooth() }));
    const thin = bucket(x, whole, { from, to, buckets: Math.ceil(size.width / 2) });
    return lines.map((line) => {
      const series = thin.series[shown.indexOf(line)];
      return series &&
        { x: thin.x, series, color: `--c${line.color}`, shade: sources.length > 1 ? 0.09 : 0.18 };
    });
  });
  const strokes = lines.filter((line) => line !== undefined);
  const least = Math.min(...strokes.flatMap(({ series }) => series.min.filter((v) => v !== null)));
  const bend: Bend = !log ? "linear" : least > 0 ? "log" : "symmetric";
  const brush: Brush = {
    context,
    area,
    color,
    x: createScale(range, [area.left, area.left + area.width]),
    y: createScale(yRange(strokes, bend), [area.top + area.height, area.top], bend),
  };
  if (shade) drawBands(brush, bands);
  drawGrid(brush, {
    x: xTicks(axis, { range, bands, most: Math.max(1, Math.floor(area.width / 76)) }),
    y: yTicks(brush.y.range, Math.max(1, Math.floor(area.height / 36)), bend),
  });
  drawLines(brush, strokes);
  return {
    brush,
    lines: lines.map((line) =>
      line ? { x: line.x, last: line.series.last, color: line.color } : null
    ),
    tell: (x) => xText(axis, x, bands),
  };
}

function resize(canvas: HTMLCanvasElement, { width, height }: PlotState["size"]): void {
  const scale = devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
}

/** Clears a canvas and sets it up for drawing in CSS px. */
function clear(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  const context = canvas.getContext("2d");
  const scale = devicePixelRatio || 1;
  context?.setTransform(scale, 0, 0, scale, 0, 0);
  context?.clearRect(0, 0, canvas.width, canvas.height);
  return context;
}
