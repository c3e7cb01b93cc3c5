/** Images a second, and how long the rest will take. */
import type { Phase } from "../schedule.ts";

/** Measures a run's pace; time is passed in, so that tests need no clock. */
export interface Pace {
  /** Counts images that took `seconds` at `resolution`. */
  add(resolution: number, images: number, seconds: number): void;
  /** Recent images a second; 0 before anything was counted. */
  readonly imagesPerSecond: number;
  /**
   * Seconds to `imagesTotal`; null before anything was counted. What was not measured is guessed as
   * by {@linkcode secondsAt}.
   */
  remaining(phases: readonly Phase[], imagesSeen: number, imagesTotal: number): number | null;
}

/** A pace with a memory of about `windowSeconds`. */
export function createPace(windowSeconds = 20): Pace {
  const secondsPerImage = new Map<number, number>();
  let recent = 0;
  return {
    add(resolution, images, seconds) {
      const now = seconds / images;
      const before = secondsPerImage.get(resolution);
      const weight = Math.min(1, seconds / windowSeconds);
      const next = before === undefined ? now : before + (now - before) * weight;
      secondsPerImage.set(resolution, next);
      recent = next;
    },
    get imagesPerSecond() {
      return recent > 0 ? 1 / recent : 0;
    },
    remaining(phases, imagesSeen, imagesTotal) {
      if (secondsPerImage.size === 0) return null;
      return phases.reduce((sum, phase) => {
        const images = Math.min(phase.end, imagesTotal) - Math.max(phase.start, imagesSeen);
        return sum + Math.max(0, images) * secondsAt(secondsPerImage, phase.resolution);
      }, 0);
    },
  };
}

/**
 * Seconds an image at a resolution. One that was not measured is guessed to cost a factor more than
 * the one before: twice as much where only one was measured (StyleGAN's own widths halve where the
 * area grows fourfold), else between that and what the last measured one cost more than its own
 * (1.25 to 4 times), the further away the nearer to twice. Below all that were measured each costs
 * half as much as the next.
 * @param measured seconds an image by resolution; not empty
 */
export function secondsAt(measured: ReadonlyMap<number, number>, resolution: number): number {
  const there = measured.get(resolution);
  if (there !== undefined) return there;
  const known = [...measured.keys()].sort((a, b) => a - b);
  const lowest = known[0]!; // not empty
  if (resolution < lowest) return measured.get(lowest)! * resolution / lowest; // known is of it
  const nearest = known.findLast((r) => r < resolution)!; // lowest is
  const measuredThere = measured.get(nearest)!; // nearest is one of the known
  const before = measured.get(nearest / 2);
  const growth = before ? Math.min(4, Math.max(1.25, measuredThere / before)) : 2;
  let guess = measuredThere, trust = 0.5; // one machine's noise, compounded, would be hours
  for (let r = nearest; r < resolution; r *= 2, trust /= 2) {
    guess *= 2 * (growth / 2) ** trust;
  }
  return guess;
}
