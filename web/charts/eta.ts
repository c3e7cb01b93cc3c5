/** Estimates when each phase will end, from the measured throughput of each resolution. */
import type { Phase } from "../../core/schedule.ts";
import { upperBound } from "./bucket.ts";

/** One phase's forecast. */
export interface PhaseEstimate {
  phase: Phase;
  state: "done" | "now" | "ahead";
  imagesLeft: number;
  /** Images per second at this resolution; null if unknown. */
  rate: number | null;
  /** Whether `rate` was measured at this resolution rather than extrapolated from others. */
  isMeasured: boolean;
  /** Seconds from now until this phase ends; 0 if it is done, null if unknown. */
  endsIn: number | null;
}

/**
 * Estimates the end of each phase. If the trainer reported seconds per image, these are used;
 * otherwise a resolution's rate is the median over its points of `rate` (images/s).
 * @param phases of the run
 * @param imagesSeen so far
 * @param points images seen and the measured rate in images/s, ascending
 * @param secondsPerImage by resolution, measured or extrapolated, as last reported by the trainer
 */
export function estimatePhases(
  phases: readonly Phase[],
  imagesSeen: number,
  points: { imagesSeen: ArrayLike<number>; rate: ArrayLike<number> },
  secondsPerImage: Readonly<Record<string, number>> = {},
): PhaseEstimate[] {
  const measured = measuredRates(phases, points);
  let clock: number | null = 0;
  return phases.map((phase) => {
    const { resolution } = phase;
    const imagesLeft = Math.max(0, phase.end - Math.max(phase.start, imagesSeen));
    const state = imagesSeen >= phase.end ? "done" : imagesSeen >= phase.start ? "now" : "ahead";
    const told = secondsPerImage[resolution], median = measured.get(resolution);
    const rate = state === "done" && median ? median : told ? 1 / told : median ?? null;
    if (state !== "done" && clock !== null) {
      clock = rate === null ? null : clock + imagesLeft / rate;
    }
    return {
      phase,
      state,
      imagesLeft,
      rate,
      isMeasured: !!median,
      endsIn: state === "done" ? 0 : clock,
    };
  });
}

function measuredRates(
  phases: readonly Phase[],
  points: { imagesSeen: ArrayLike<number>; rate: ArrayLike<number> },
): Map<number, number> {
  const byResolution = new Map<number, number[]>();
  for (const phase of phases) {
    // a point at its start was measured before it
    const from = upperBound(points.imagesSeen, phase.start);
    const to = upperBound(points.imagesSeen, phase.end);
    const step = Math.max(1, Math.floor((to - from) / 500));
    for (let i = from; i < to; i += step) {
      const rate = points.rate[i]!;
      if (!(rate > 0) || !Number.isFinite(rate)) continue;
      const rates = byResolution.get(phase.resolution) ?? [];
      rates.push(rate);
      byResolution.set(phase.resolution, rates);
    }
  }
  const medians = new Map<number, number>();
  for (const [resolution, rates] of byResolution) {
    rates.sort((a, b) => a - b);
    medians.set(resolution, rates[rates.length >> 1]!);
  }
  return medians;
}
