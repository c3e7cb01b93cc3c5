/** Selects the sample grids that show the growth; pure functions of the list of samples. */
import type { Phase } from "../../core/schedule.ts";
import type { PublicSample } from "../live/wire.ts";

/** The samples around one growth. */
export interface Transition {
  resolution: number; // px a side after the growth
  before: PublicSample;
  /** First grid after the new block was added. */
  jump: PublicSample;
  /** Newest grid at this resolution, by which the picture has recovered. */
  recovered: PublicSample;
}

/** The last grid of each resolution, ascending. */
export function ladder(samples: readonly PublicSample[]): PublicSample[] {
  const last = new Map<number, PublicSample>();
  for (const sample of samples) last.set(sample.resolution, sample);
  return [...last.values()].sort((a, b) => a.resolution - b.resolution);
}

/** All growths with grids on both sides. */
export function transitions(samples: readonly PublicSample[]): Transition[] {
  const steps = ladder(samples);
  return steps.slice(1).map((recovered, i) => ({
    resolution: recovered.resolution,
    before: steps[i]!,
    jump: samples.find((s) => s.resolution === recovered.resolution) ?? recovered,
    recovered,
  }));
}

/** At most `most` samples, evenly spaced, including the first and the last. */
export function thin(samples: readonly PublicSample[], most: number): PublicSample[] {
  if (samples.length <= most) return [...samples];
  return Array.from(
    { length: most },
    (_, i) => samples[Math.round(i * (samples.length - 1) / (most - 1))]!,
  );
}

/** Where a sample lies in the schedule, in words. */
export function placeOf(sample: Pick<PublicSample, "resolution" | "phaseKind" | "alpha">): string {
  return sample.phaseKind === "fade"
    ? `${sample.resolution} px fading, α ${sample.alpha.toFixed(2)}`
    : `${sample.resolution} px stabilizing`;
}

/** Index of each phase's first sample, for the scrubber's marks. */
export function marksOf(samples: readonly PublicSample[], phases: readonly Phase[]): number[] {
  const marks = phases.map((p) => samples.findIndex((s) => s.imagesSeen >= p.start));
  return [...new Set(marks.filter((index) => index >= 0))];
}
