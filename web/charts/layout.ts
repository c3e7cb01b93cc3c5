/** Axis ranges, grid lines and labels of a chart. */
import { count, duration, measure, short } from "../lib/format.ts";
import type { Band, XAxis } from "./axis.ts";
import type { Buckets } from "./bucket.ts";
import type { Tick } from "./paint.ts";
import { type Bend, ticksOf, timeTicksOf } from "./scale.ts";

/** A range of an axis. */
export type Range = readonly [number, number];

/**
 * The range of all smoothed values and of the raw values without their outermost hundredth, so that
 * a single spike does not flatten the chart.
 */
export function yRange(
  strokes: readonly { series: Buckets["series"][number] }[],
  bend: Bend,
): Range {
  const values: number[] = [];
  const raw: number[] = [];
  for (const { series: { last, min, max } } of strokes) {
    for (let i = 0; i < last.length; i++) {
      if (last[i] === null) continue;
      values.push(last[i]!);
      raw.push(min[i]!, max[i]!); // set wherever `last` is
    }
  }
  if (values.length === 0) return bend === "log" ? [0.1, 1] : [0, 1];
  raw.sort((a, b) => a - b);
  const cut = Math.floor(raw.length / 50);
  const low = values.reduce((a, b) => Math.min(a, b), raw[cut]!);
  const high = values.reduce((a, b) => Math.max(a, b), raw[raw.length - 1 - cut]!);
  if (bend === "log") return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  const pad = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.06;
  return [low - pad, high + pad];
}

/** Grid lines of x and their labels. */
export function xTicks(
  axis: XAxis,
  { range, bands, most }: { range: Range; bands: readonly Band[]; most: number },
): Tick[] {
  if (axis === "phase") {
    const seen = bands.filter(({ from }) => from >= range[0] && from <= range[1]);
    return seen.map(({ from, resolution, kind }) => ({
      value: from,
      text: `${resolution}${kind === "fade" ? "↗" : ""}`,
    }));
  }
  return axis === "time"
    ? timeTicksOf(range, most).map((value) => ({ value, text: duration(value) }))
    : ticksOf(range, most).map((value) => ({ value, text: short(value) }));
}

/** One x in words, e.g. "12,345 images", "1 h 05 min", "16 px fading, 40 %". */
export function xText(axis: XAxis, x: number, bands: readonly Band[]): string {
  if (axis === "time") return duration(x);
  if (axis === "images") return `${count(Math.max(0, x))} images`;
  const band = bands.find(({ to }) => x < to) ?? bands.at(-1);
  if (!band) return measure(x);
  const part = Math.min(1, Math.max(0, (x - band.from) / (band.to - band.from)));
  const kind = band.kind === "fade" ? "fading" : "stabilizing";
  return `${band.resolution} px ${kind}, ${Math.round(100 * part)} %`;
}

/** Grid lines of y and their labels, with as many digits as are needed to tell them apart. */
export function yTicks(range: Range, most: number, bend: Bend): Tick[] {
  const ticks = ticksOf(range, most, bend);
  const step = Math.min(...ticks.slice(1).map((value, i) => value - ticks[i]!));
  return ticks.map((value) => ({ value, text: yText(value, step) }));
}

/** Longest label that fits beside the chart, characters. */
const LONGEST = 8;

function yText(value: number, step: number): string {
  const size = Math.abs(value);
  const usual = size >= 10_000 ? short(value) : measure(value).replace(".00e", "e");
  const [power, finest] = [size, step].map((n) => Math.floor(Math.log10(n) + 1e-9)) as [
    number,
    number,
  ]; // of two numbers
  const digits = size < 1e-3 || size >= 10_000 ? 3 : 4; // digits of the usual text
  if (size === 0 || !Number.isFinite(step) || power - finest < digits) return usual;
  const fixed = value.toFixed(Math.max(0, -finest));
  const places = power - finest;
  const text = fixed.length <= LONGEST ? fixed : value.toExponential(places).replace("e+", "e");
  return text.replaceAll("-", "−");
}
