/** What a chart's axes show: the range of y, and grid lines with their labels. */
import { duration, measure, short } from "../lib/format.ts";
import type { Band, XAxis } from "./axis.ts";
import type { Buckets } from "./bucket.ts";
import type { Tick } from "./paint.ts";
import { type Bend, ticksOf, timeTicksOf } from "./scale.ts";

/** A part of an axis. */
export type Range = readonly [number, number];

/** All smoothed values, and all but the outermost hundredth of raw ones: one spike flattens nothing. */
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
      raw.push(min[i]!, max[i]!); // there where `last` is
    }
  }
  if (values.length === 0) return [0, 1];
  raw.sort((a, b) => a - b);
  const cut = Math.floor(raw.length / 50);
  const low = values.reduce((a, b) => Math.min(a, b), raw[cut]!);
  const high = values.reduce((a, b) => Math.max(a, b), raw[raw.length - 1 - cut]!);
  if (bend === "log") return low === high ? [low / 2, high * 2] : [low / 1.1, high * 1.1];
  const pad = low === high ? Math.abs(low) * 0.1 || 1 : (high - low) * 0.06;
  return [low - pad, high + pad];
}

/** Where x has grid lines, and what they are called. */
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

/** Where y has grid lines, and what they are called. */
export function yTicks(range: Range, most: number, bend: Bend): Tick[] {
  return ticksOf(range, most, bend).map((value) => ({
    value,
    text: Math.abs(value) >= 10_000 ? short(value) : measure(value).replace(".00e", "e"),
  }));
}
