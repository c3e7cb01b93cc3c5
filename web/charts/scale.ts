/**
 * Scales that map values to positions and back: linear, logarithmic, or logarithmic on both sides
 * of zero.
 */

/** A scale between two values and two positions. */
export interface Scale {
  readonly range: readonly [number, number];
  toPosition(value: number): number;
  toValue(position: number): number;
}

/** "symmetric" is linear near zero and logarithmic beyond, for both signs. */
export type Bend = "linear" | "log" | "symmetric";

/** Positions of a range's ends, e.g. [0, 300] px; may be descending. */
type Ends = readonly [number, number];

/** Fraction of the largest value below which a symmetric scale is roughly linear. */
const LINEAR_PART = 1e-3;

/**
 * @param range smallest and largest value; above zero if the scale is "log"
 * @param ends their positions
 */
export function createScale(range: Ends, ends: Ends, bend: Bend = "linear"): Scale {
  const near = Math.max(Math.abs(range[0]), Math.abs(range[1]), Number.MIN_VALUE) * LINEAR_PART;
  const [bent, straight] = {
    linear: [(v: number) => v, (b: number) => b],
    log: [Math.log, Math.exp],
    symmetric: [(v: number) => Math.asinh(v / near), (b: number) => Math.sinh(b) * near],
  }[bend] as [(value: number) => number, (bent: number) => number]; // a pair for each
  const [low, high] = [bent(range[0]), bent(range[1])];
  const slope = (ends[1] - ends[0]) / (high - low || 1);
  return {
    range,
    toPosition: (value) => ends[0] + (bent(value) - low) * slope,
    toValue: (position) => straight(low + (position - ends[0]) / (slope || 1)),
  };
}

/**
 * Values for grid lines: round numbers, with at most `most` intervals between them.
 * @param range smallest and largest value
 */
export function ticksOf([low, high]: Ends, most: number, bend: Bend = "linear"): number[] {
  if (bend === "log") {
    const ticks = logTicksOf(low, high, most);
    if (ticks.length >= 3) return ticks;
  }
  if (bend === "symmetric") {
    const top = Math.max(Math.abs(low), Math.abs(high));
    const up = decades(top * LINEAR_PART * 10, top, Math.max(1, (most - 1) / 2));
    const all = [...up.map((v) => -v).reverse(), 0, ...up];
    return all.filter((v) => v >= low && v <= high);
  }
  let step = roundStep((high - low) / most / 4);
  while (multiples(low, high, step).length > most + 1) step = roundStep(step * 1.5);
  return multiples(low, high, step);
}

/** Intervals between grid lines of time, from seconds to days, s. */
const TIME_STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800]
  .concat([1, 2, 3, 6, 12, 24, 48, 96, 192, 384].map((hours) => 3600 * hours));

/** Like {@linkcode ticksOf}, for seconds. */
export function timeTicksOf([low, high]: Ends, most: number): number[] {
  const wanted = (high - low) / most;
  const step = TIME_STEPS.find((s) => s >= wanted) ?? roundStep(wanted);
  return multiples(low, high, step);
}

/** The smallest of 1, 2 and 5 times a power of ten that is at least `least`. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((m) => m * power >= least * (1 - 1e-9)) ?? 10);
}

function multiples(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9), last = Math.floor(high / step + 1e-9);
  // Rounded to decimal digits, so that 3 · 0.1 gives 0.3.
  return Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}

/** Powers of ten; if fewer than three are in range, also multiples of them. */
function logTicksOf(low: number, high: number, most: number): number[] {
  const powers = decades(low, high, most);
  if (powers.length >= 3) return powers;
  const first = Math.floor(Math.log10(low)), last = Math.floor(Math.log10(high) + 1e-9);
  const all = [[1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3]].map((factors) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i)
      // Parsed from decimal text, so that 3 · 0.1 gives 0.3.
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter((value) => value >= low && value <= high)
  );
  return all.find((ticks) => ticks.length <= most + 1) ?? powers;
}

/** Powers of ten, thinned to at most `most`. */
function decades(low: number, high: number, most: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9), last = Math.floor(Math.log10(high) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const all: number[] = [];
  for (let power = last; power >= first; power -= step) all.unshift(10 ** power);
  return all;
}
