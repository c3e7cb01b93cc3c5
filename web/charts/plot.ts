/// <reference lib="dom" />
/** A uPlot made from sources: colours from the style sheet, bands behind, zoom and cursor reported. */
import uPlot from "uplot";
import { duration, measure, short } from "../lib/format.ts";
import type { Band, XAxis } from "./axis.ts";
import { drawBands } from "./bands.ts";
import { bucket } from "./bucket.ts";

/** One line: raw and smoothed values over its source's x. */
export interface PlotLine {
  label: string;
  color: number; // 0 … 7
  raw: ArrayLike<number>;
  /** Computed at the first call. */
  smooth: () => ArrayLike<number>;
}

/** Lines that share an x. */
export interface PlotSource {
  x: ArrayLike<number>; // ascending
  lines: readonly PlotLine[];
}

/** How to draw. */
export interface PlotOptions {
  sources: readonly PlotSource[];
  axis: XAxis;
  log: boolean;
  syncKey: string;
  size: { width: number; height: number }; // px
  bands: () => readonly Band[];
  onView: (view: readonly [number, number] | null) => void;
  /** Values under the cursor, one a line; null when it left. */
  onCursor: (values: (number | null | undefined)[] | null) => void;
}

/** Makes an empty plot inside `place`; {@linkcode setPlot} fills it. */
export function createPlot(place: HTMLElement, options: PlotOptions): uPlot {
  const { sources, axis, log, syncKey, size, bands, onView, onCursor } = options;
  const style = getComputedStyle(place);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const lines = sources.flatMap((source) => source.lines);
  const isPositive = log && lines.every(({ raw }) => everyPositive(raw));
  const axes = {
    stroke: color("--ink-3"),
    font: "12px " + (color("--sans") || "sans-serif"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  return new uPlot(
    {
      ...size,
      legend: { show: false },
      padding: [18, 8, 0, 0],
      scales: {
        x: { time: false, auto: false },
        // Values at or below zero have no logarithm: asinh is linear there and logarithmic beyond.
        y: log ? { distr: isPositive ? 3 : 4, range: yRange } : { range: yRange },
      },
      axes: [
        {
          ...axes,
          size: 30,
          gap: 6,
          values: (_u, ticks) => ticks.map((t) => xText(axis, t, bands())),
        },
        {
          ...axes,
          size: 58,
          gap: 6,
          values: (_u, ticks) => ticks.map((t) => t === null ? "" : yText(t)),
        },
      ],
      series: [
        {},
        ...lines.flatMap((line): uPlot.Series[] => [
          {
            label: line.label,
            stroke: color(`--c${line.color}`),
            width: 1.8,
            points: { show: false },
            spanGaps: true,
          },
          { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true },
          { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true },
        ]),
      ],
      bands: lines.map((line, i) => ({
        series: [2 + 3 * i, 3 + 3 * i],
        fill: `color-mix(in srgb, ${color(`--c${line.color}`)} ${
          sources.length > 1 ? 9 : 18
        }%, transparent)`,
      })),
      cursor: {
        y: false,
        points: { size: 7 },
        drag: { x: true, y: false, setScale: false },
        sync: {
          key: syncKey,
          scales: ["x", null],
          filters: { pub: isMove, sub: isMove },
        },
        bind: {
          dblclick: () => () => {
            onView(null);
            return null;
          },
        },
      },
      hooks: {
        drawClear: [(u) => drawBands(u, bands(), color)],
        setCursor: [(u) => {
          const index = u.cursor.idx;
          const isOver = index !== null && index !== undefined;
          onCursor(isOver ? lines.map((_, i) => u.data[1 + 3 * i]?.[index]) : null);
        }],
        setSelect: [(u) => {
          const { left, width } = u.select;
          if (width < 4) return;
          onView([u.posToVal(left, "x"), u.posToVal(left + width, "x")]);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        }],
      },
    },
    [[], ...lines.flatMap(() => [[], [], []])],
    place,
  );
}

/** Buckets every source and puts them over one x; columns are last, max, min for each line. */
export function plotData(
  sources: readonly PlotSource[],
  { range: [from, to], buckets }: { range: readonly [number, number]; buckets: number },
): uPlot.AlignedData {
  const tables = sources.map(({ x, lines }): uPlot.AlignedData => {
    const whole = lines.map(({ raw, smooth }) => ({ raw, smooth: smooth() }));
    const thin = bucket(x, whole, { from, to, buckets });
    return [thin.x, ...thin.series.flatMap(({ last, min, max }) => [last, max, min])];
  });
  return tables.length === 1 ? tables[0]! : tables.length === 0 ? [[]] : uPlot.join(tables);
}

/** Shows data over a range of x. */
export function setPlot(
  u: uPlot,
  data: uPlot.AlignedData,
  [min, max]: readonly [number, number],
): void {
  u.batch(() => {
    u.setData(data, false);
    u.setScale("x", { min, max });
  });
}

/** All smoothed values, and all but the outermost hundredth of raw ones: one spike flattens nothing. */
function yRange(u: uPlot): uPlot.Range.MinMax {
  const values: number[] = [];
  const raw: number[] = [];
  u.series.forEach(({ show }, i) => {
    if (i === 0 || show === false) return;
    for (const v of u.data[i] ?? []) {
      if (v !== null && v !== undefined) (i % 3 === 1 ? values : raw).push(v);
    }
  });
  if (values.length === 0) return [0, 1];
  raw.sort((a, b) => a - b);
  const cut = Math.floor(raw.length / 50);
  const [low, high] = [raw[cut] ?? Infinity, raw[raw.length - 1 - cut] ?? -Infinity];
  const min = values.reduce((a, b) => Math.min(a, b), low);
  const max = values.reduce((a, b) => Math.max(a, b), high);
  if (u.scales.y?.distr === 3) return min === max ? [min / 2, max * 2] : [min / 1.1, max * 1.1];
  const pad = min === max ? Math.abs(min) * 0.1 || 1 : (max - min) * 0.06;
  return [min - pad, max + pad];
}

function everyPositive(values: ArrayLike<number>): boolean {
  for (let i = 0; i < values.length; i++) if (values[i]! <= 0) return false;
  return true;
}

function xText(axis: XAxis, tick: number, bands: readonly Band[]): string {
  if (axis === "images") return short(tick);
  if (axis === "time") return duration(tick);
  const band = bands.find((b) => b.from === tick);
  return band ? `${band.resolution}${band.kind === "fade" ? "↗" : ""}` : "";
}

function yText(tick: number): string {
  return Math.abs(tick) >= 10_000 ? short(tick) : measure(tick);
}

function isMove(type: string): boolean {
  return type === "mousemove" || type === "mouseleave";
}
