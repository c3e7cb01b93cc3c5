/**
 * Progressive growing as a pure function of the images seen (Karras et al. 2018, "Progressive
 * Growing of GANs", section 2): each resolution above the first fades in, then stabilizes.
 */

/** One phase of training, from `start` to `end` images. */
export interface Phase {
  /** Position in the schedule, from 0. */
  index: number;
  /** px a side. */
  resolution: number;
  /** Whether the newest block fades in. */
  kind: "fade" | "stabilize";
  start: number;
  /** imagesSeen at which it is over; finite. */
  end: number;
  batchSize: number;
  /** Learning rate of both networks, before decay and plugins' changes. */
  learningRate: number;
}

/** A run's position in its schedule. */
export interface Position {
  /** The phase that the next step belongs to. */
  phase: Phase;
  /** Weight of the new block: 0 … 1 while fading, 1 while stabilizing. */
  alpha: number;
  /** True when all phases are over. */
  done: boolean;
}

/** Lengths and sizes of one resolution. */
export interface ResolutionPlan {
  /** px a side, twice that of the plan before. */
  resolution: number;
  /** Images to fade in; 0 for the first resolution. */
  fadeImages: number;
  stabilizeImages: number;
  batchSize: number;
  learningRate: number;
}

/**
 * The phases of a plan, in order.
 * @throws RangeError where the plan can't be trained
 */
export function phasesOf(plan: readonly ResolutionPlan[]): Phase[] {
  if (plan.length === 0) {
    throw new RangeError("Cannot make a schedule: expected at least one resolution, received none");
  }
  const phases: Phase[] = [];
  let start = 0;
  plan.forEach((p, i) => {
    const before = plan[i - 1];
    if (before && p.resolution !== before.resolution * 2) {
      throw new RangeError(
        `Cannot make a schedule: expected each resolution to be twice the one before, ` +
          `received ${before.resolution} then ${p.resolution}`,
      );
    }
    const fadeImages = before ? p.fadeImages : 0; // the first resolution has nothing to fade from
    if (fadeImages + p.stabilizeImages === 0) {
      throw new RangeError(
        `Cannot make a schedule: expected images to ${
          before ? "fade or stabilize" : "stabilize"
        } at ${p.resolution} px, received 0`,
      );
    }
    const kinds = [["fade", fadeImages], ["stabilize", p.stabilizeImages]] as const;
    for (const [kind, images] of kinds) {
      if (!(images >= 0) || !Number.isSafeInteger(images)) {
        throw new RangeError(
          `Cannot make a schedule: expected a whole number of images to ${kind} at ` +
            `${p.resolution} px, received ${images}`,
        );
      }
      if (images === 0) continue;
      const { resolution, batchSize, learningRate } = p;
      phases.push({
        index: phases.length,
        resolution,
        kind,
        start,
        end: start + images,
        batchSize,
        learningRate,
      });
      start += images;
    }
  });
  return phases;
}

/**
 * The position of a run after `imagesSeen` images. At the first image of a fade alpha is 0.
 * @param phases from {@linkcode phasesOf}
 * @param imagesSeen 0 or more
 */
export function phaseAt(phases: readonly Phase[], imagesSeen: number): Position {
  const last = phases.at(-1)!; // phasesOf never returns an empty list
  const phase = phases.find((p) => imagesSeen < p.end) ?? last;
  const alpha = phase.kind === "stabilize"
    ? 1
    : Math.min(1, Math.max(0, (imagesSeen - phase.start) / (phase.end - phase.start)));
  return { phase, alpha, done: imagesSeen >= last.end };
}
