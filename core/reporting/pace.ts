/** Training speed in images per second, and the estimated time left. */
import type { Phase } from "../schedule.ts";

/** Measures a run's speed. Durations are passed in, so that tests need no clock. */
export interface Pace {
  /** Records that `images` at `resolution` took `seconds`. */
  add(resolution: number, images: number, seconds: number): void;
  /** Recent images per second; 0 before the first measurement. */
  readonly imagesPerSecond: number;
  /**
   * Seconds to `imagesTotal`; null before the first measurement. Resolutions not yet measured are
   * estimated as in {@linkcode secondsAt}.
   */
  remaining(phases: readonly Phase[], imagesSeen: number, imagesTotal: number): number | null;
  /** Seconds per image by resolution, measured or estimated; empty before the first measurement. */
  secondsPerImage(phases: readonly Phase[]): Record<string, number>;
}

/** Time per image by resolution, in any unit: only ratios are used. */
export type RelativeTimes = ReadonlyMap<number, number>;

/** A cycle this many times slower than the average is taken for a pause of the machine. */
const PAUSE = 10;

/** A pace averaged exponentially over about `windowSeconds`. */
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
      // The machine slept or the process was stopped. Twice in a row, it really is that slow.
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
 * Seconds per image at a resolution. Where it was not measured, it is estimated from the next lower
 * resolution that was, else from the lowest: by the ratio of their `relativeTimes`, else as
 * doubling with each resolution (StyleGAN halves the width where the area grows fourfold).
 * @param measured seconds per image by resolution; not empty
 */
export function secondsAt(
  measured: ReadonlyMap<number, number>,
  resolution: number,
  relativeTimes?: RelativeTimes,
): number {
  const exact = measured.get(resolution);
  if (exact !== undefined) return exact;
  const known = [...measured.keys()].sort((a, b) => a - b);
  const nearest = known.findLast((r) => r < resolution) ?? known[0]!; // not empty
  const time = relativeTimes?.get(resolution), nearestTime = relativeTimes?.get(nearest);
  const ratio = time && nearestTime ? time / nearestTime : resolution / nearest;
  return measured.get(nearest)! * ratio; // nearest is one of its keys
}
