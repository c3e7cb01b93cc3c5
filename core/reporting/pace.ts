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
  /** By resolution, measured or guessed; empty before anything was counted. */
  secondsPerImage(phases: readonly Phase[]): Record<string, number>;
}

/** How long a sample takes by resolution, in any unit: only ratios are used. */
export type RelativeTimes = ReadonlyMap<number, number>;

/** So many times as slow as before, one cycle says nothing of those to come. */
const PAUSE = 10;

/** A pace with a memory of about `windowSeconds`. */
export function createPace({ windowSeconds = 20, relativeTimes }: {
  windowSeconds?: number;
  relativeTimes?: RelativeTimes | undefined;
} = {}): Pace {
  const measured = new Map<number, number>();
  const at = (resolution: number) => secondsAt(measured, resolution, relativeTimes);
  let recent = 0, wasPaused = false;
  return {
    add(resolution, images, seconds) {
      const now = seconds / images;
      const before = measured.get(resolution);
      // A machine that slept, or a stopped process; twice in a row, it is as slow as that.
      const isPause = before !== undefined && seconds > windowSeconds && now > PAUSE * before;
      if (isPause && !wasPaused) return void (wasPaused = true);
      wasPaused = false;
      const weight = Math.min(1, seconds / windowSeconds);
      const next = before === undefined ? now : before + (now - before) * weight;
      measured.set(resolution, next);
      recent = next;
    },
    get imagesPerSecond() {
      return recent > 0 ? 1 / recent : 0;
    },
    remaining(phases, imagesSeen, imagesTotal) {
      if (measured.size === 0) return null;
      return phases.reduce((sum, phase) => {
        const images = Math.min(phase.end, imagesTotal) - Math.max(phase.start, imagesSeen);
        return sum + Math.max(0, images) * at(phase.resolution);
      }, 0);
    },
    secondsPerImage(phases) {
      if (measured.size === 0) return {};
      return Object.fromEntries(phases.map(({ resolution }) => [resolution, at(resolution)]));
    },
  };
}

/**
 * Seconds an image at a resolution. One that was not measured is guessed from the next lower one
 * that was, else from the lowest: by `relativeTimes` where they have both, else as twice as much a
 * resolution (StyleGAN's own widths halve where the area grows fourfold).
 * @param measured seconds an image by resolution; not empty
 */
export function secondsAt(
  measured: ReadonlyMap<number, number>,
  resolution: number,
  relativeTimes?: RelativeTimes,
): number {
  const there = measured.get(resolution);
  if (there !== undefined) return there;
  const known = [...measured.keys()].sort((a, b) => a - b);
  const nearest = known.findLast((r) => r < resolution) ?? known[0]!; // not empty
  const wanted = relativeTimes?.get(resolution), own = relativeTimes?.get(nearest);
  const ratio = wanted && own ? wanted / own : resolution / nearest;
  return measured.get(nearest)! * ratio; // nearest is one of the known
}
