/** The three x axes of a curve: images seen, time trained, and position by phase. */
import type { Phase } from "../../core/schedule.ts";
import { lowerBound, upperBound } from "./bucket.ts";

/** Meaning of the x axis. */
export type XAxis = "images" | "time" | "phase";

/**
 * x of each point. "time" counts seconds from the first point without gaps longer than ten minutes
 * (a stopped run). "phase" gives each phase a width of 1, which aligns runs with different
 * schedules.
 * @param axis which x
 * @param points images seen and ms since 1970, ascending
 * @param phases of the run
 */
export function positions(
  axis: XAxis,
  points: { imagesSeen: ArrayLike<number>; time: ArrayLike<number> },
  phases: readonly Phase[],
): Float64Array {
  const { imagesSeen, time } = points;
  if (axis === "images") return new Float64Array(imagesSeen);
  const x = new Float64Array(imagesSeen.length);
  if (axis === "phase") {
    for (let i = 0; i < x.length; i++) x[i] = phasePosition(phases, imagesSeen[i]!);
    return x;
  }
  for (let i = 1; i < x.length; i++) {
    const step = Math.max(0, time[i]! - time[i - 1]!) / 1000;
    x[i] = x[i - 1]! + (step > 600 ? 0 : step);
  }
  return x;
}

/**
 * Position of `imagesSeen` if each phase is 1 wide; e.g. 2.5 is the middle of the third phase.
 * @param phases of the run
 */
export function phasePosition(phases: readonly Phase[], imagesSeen: number): number {
  const last = phases.at(-1);
  if (!last) return imagesSeen;
  const phase = phases.find((p) => imagesSeen < p.end) ?? last;
  const part = (imagesSeen - phase.start) / (phase.end - phase.start);
  return phase.index + Math.min(1, Math.max(0, part));
}

/** The range of x of a phase, shaded behind the curves. */
export interface Band {
  from: number;
  to: number;
  resolution: number; // px a side
  kind: Phase["kind"];
}

/**
 * The phases as ranges of an axis; on the time axis, phases that have not begun have none.
 * @param x positions of the points, from {@linkcode positions}
 * @param imagesSeen of the same points
 */
export function bandsOf(
  axis: XAxis,
  phases: readonly Phase[],
  points: { x: ArrayLike<number>; imagesSeen: ArrayLike<number> },
): Band[] {
  const bands: Band[] = [];
  const { x, imagesSeen } = points;
  for (const { index, start, end, resolution, kind } of phases) {
    let [from, to] = axis === "phase" ? [index, index + 1] : [start, end];
    if (axis === "time") {
      const first = lowerBound(imagesSeen, start);
      const after = Math.min(lowerBound(imagesSeen, end), x.length - 1);
      if (first >= x.length) continue;
      [from, to] = [x[first]!, x[after]!];
    }
    if (to > from) bands.push({ from, to, resolution, kind });
  }
  return bands;
}

/**
 * Indices at which smoothing restarts: the first point of each phase. A point averages up to its
 * images seen, so a point at a phase's first image belongs to the previous phase.
 * @param imagesSeen ascending
 */
export function restartsOf(phases: readonly Phase[], imagesSeen: ArrayLike<number>): number[] {
  const restarts = new Set<number>();
  for (const phase of phases) {
    const index = phase.start === 0 ? 0 : upperBound(imagesSeen, phase.start);
    if (index < imagesSeen.length) restarts.add(index);
  }
  return [...restarts].sort((a, b) => a - b);
}
