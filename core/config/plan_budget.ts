/**
 * Plans how many images each resolution gets within a time budget: low resolutions are short, and
 * most of the time goes to the last one.
 *
 * A run's options give the desired length of each resolution. Below the last one, these lengths are
 * kept as long as they take at most 40 % of the time; otherwise the most expensive resolutions are
 * shortened first, down to their minimum. The rest goes to the last resolution. Where that is less
 * than three quarters of its minimum, the run ends at a lower resolution instead.
 */
import { type Phase, phaseAt, type ResolutionPlan } from "../schedule.ts";
import { digits } from "../text.ts";

/** Largest share of the time for all resolutions below the last one. */
const BELOW = 0.4;

/** Largest share of the last resolution's time for its fade. */
const LAST_FADE = 0.25;

/**
 * The share of its minimum length that suffices for the last resolution: a picture at full size is
 * worth more than one at its best.
 */
const LAST_NEED = 0.75;

/** The cost of a resolution. */
export interface ResolutionCost {
  /** Seconds per image while it fades in. */
  fade: number;
  /** Seconds per image after that. */
  stabilize: number;
  /** Seconds to record the steps, once per phase. */
  record: number;
}

/** Input of {@linkcode planBudget}. */
export interface Budget {
  /** The desired lengths, up to the desired resolution. */
  desired: readonly ResolutionPlan[];
  costs: ReadonlyMap<number, ResolutionCost>;
  seconds: number;
  /** Position of a run that is continued; its past is not changed. */
  past?: { phases: readonly Phase[]; imagesSeen: number };
}

/**
 * Plans the whole run from its first image, such that the part ahead takes the budget's time.
 * @returns the plan up to the last resolution that the budget affords
 * @throws RangeError where the budget is too short for a step, or for the rest of a fade that has
 * begun
 */
export function planBudget(budget: Budget): ResolutionPlan[] {
  const { desired, seconds } = budget;
  const progress = budget.past ? progressOf(budget.past) : undefined;
  const first = progress
    ? desired.findIndex(({ resolution }) => resolution === progress.resolution)
    : 0;
  if (first < 0) {
    throw new RangeError(
      `Cannot plan the rest of the run: expected ${progress?.resolution} px, where it stands, ` +
        `among what is desired, ` +
        `received ${desired.map(({ resolution }) => resolution).join(", ")} px`,
    );
  }
  for (let last = desired.length - 1; last >= first; last--) {
    const ahead = aheadUpTo(budget, progress, first, last);
    if (ahead) return [...(progress?.before ?? []), ...ahead];
  }
  const { resolution, batchSize } = desired[first]!; // first >= 0
  const begun = progress?.fadeLeft ?? 0;
  throw new RangeError(
    `Cannot plan a run of ${digits(Math.max(0, seconds), 2)} seconds: expected at least ` +
      `${digits(leastSeconds(budget), 2)} for ` +
      (begun > 0
        ? `the rest of the fade at ${resolution} px, ${begun} images,`
        : `a step of ${batchSize} images at ${resolution} px`) +
      ` and preparing it`,
  );
}

/**
 * The shortest time that can be planned, seconds: one step, or the rest of a fade that has begun.
 */
export function leastSeconds({ desired, costs, past }: Omit<Budget, "seconds">): number {
  const progress = past ? progressOf(past) : undefined, begun = progress?.fadeLeft ?? 0;
  const plan = desired.find(({ resolution }) => resolution === progress?.resolution) ?? desired[0]!;
  const { fade, stabilize, record } = costs.get(plan.resolution)!; // every resolution has a cost
  return begun > 0
    ? begun * fade + record * (plan.fadeImages > 0 ? 2 : 1)
    : plan.batchSize * stabilize + record;
}

/** How far a run has come. */
interface RunProgress {
  resolution: number;
  /** The completed resolutions, as they were trained. */
  before: ResolutionPlan[];
  fadeImages: number;
  fadeLeft: number;
  stabilized: number;
}

function progressOf({ phases, imagesSeen }: NonNullable<Budget["past"]>): RunProgress {
  const { resolution } = phaseAt(phases, imagesSeen).phase;
  const phaseOf = (r: number, kind: Phase["kind"]) =>
    phases.find((phase) => phase.resolution === r && phase.kind === kind);
  const lengthOf = (phase: Phase | undefined) => phase ? phase.end - phase.start : 0;
  const seenOf = (phase: Phase | undefined) =>
    phase ? Math.min(phase.end, Math.max(phase.start, imagesSeen)) - phase.start : 0;
  const below = [...new Set(phases.map((phase) => phase.resolution))].filter((r) => r < resolution);
  const fade = phaseOf(resolution, "fade");
  return {
    resolution,
    before: below.map((r) => {
      // every r has a phase
      const { batchSize, learningRate } = phases.find((phase) => phase.resolution === r)!;
      return {
        resolution: r,
        fadeImages: lengthOf(phaseOf(r, "fade")),
        stabilizeImages: lengthOf(phaseOf(r, "stabilize")),
        batchSize,
        learningRate,
      };
    }),
    fadeImages: lengthOf(fade),
    fadeLeft: lengthOf(fade) - seenOf(fade),
    stabilized: seenOf(phaseOf(resolution, "stabilize")),
  };
}

/** A resolution below the last one: lengths in images still ahead. */
interface Below {
  plan: ResolutionPlan;
  /** Seconds per image, averaged over fade and stabilization. */
  cost: number;
  desired: number;
  needed: number;
}

/**
 * The plan from the current resolution to the last one; undefined where the time does not suffice.
 */
function aheadUpTo(
  { desired, costs, seconds }: Budget,
  progress: RunProgress | undefined,
  first: number,
  last: number,
): ResolutionPlan[] | undefined {
  const needs = needed(desired);
  // every resolution has a cost
  const costOf = (plan: ResolutionPlan) => costs.get(plan.resolution)!;
  const fadeLeft = progress?.fadeLeft ?? 0, stabilized = progress?.stabilized ?? 0;
  const below = desired.slice(first, last).map((plan, i): Below => {
    const { fade, stabilize } = costOf(plan), images = lengthOf(plan);
    const done = i === 0 && progress ? progress.fadeImages + stabilized : 0;
    const left = Math.max(0, images - done);
    const share = i === 0 && progress ? 0 : plan.fadeImages / Math.max(1, images);
    return {
      plan,
      cost: share * fade + (1 - share) * stabilize,
      desired: left,
      needed: Math.min(left, Math.max(0, needs[first + i]! - done)),
    };
  });
  const recording = desired.slice(first, last + 1).reduce(
    (sum, plan, i) =>
      sum + costOf(plan).record * (plan.fadeImages > 0 && (i > 0 || fadeLeft > 0) ? 2 : 1),
    0,
  );
  const time = seconds - recording - fadeLeft * costOf(desired[first]!).fade;
  const images = distribute(below, BELOW * time);
  if (!images) return undefined;
  const belowPlans = below.map(({ plan }, i): ResolutionPlan => {
    if (i === 0 && progress) {
      const { fadeImages } = progress;
      return {
        ...plan,
        fadeImages,
        stabilizeImages: stabilized + rounded(images[0]!, plan.batchSize),
      };
    }
    const part = images[i]! / Math.max(1, lengthOf(plan)), { batchSize } = plan;
    return {
      ...plan,
      fadeImages: phaseLength(part * plan.fadeImages, plan.fadeImages, batchSize),
      stabilizeImages: phaseLength(part * plan.stabilizeImages, plan.stabilizeImages, batchSize),
    };
  });
  const spent = below.reduce((sum, { cost }, i) => sum + cost * images[i]!, 0);
  const plan = desired[last]!, { fade, stabilize } = costOf(plan), rest = time - spent;
  if (last === first) {
    const stabilizeImages = rounded(rest / stabilize, plan.batchSize);
    if (stabilizeImages === 0 && fadeLeft === 0) return undefined;
    const fadeImages = progress?.fadeImages ?? 0;
    return [{ ...plan, fadeImages, stabilizeImages: stabilized + stabilizeImages }];
  }
  const fading = Math.min(plan.fadeImages, LAST_FADE * rest / fade);
  const stabilizing = (rest - fading * fade) / stabilize;
  if (fading + stabilizing < LAST_NEED * needs[last]!) return undefined;
  return [...belowPlans, {
    ...plan,
    fadeImages: rounded(fading, plan.batchSize),
    stabilizeImages: rounded(stabilizing, plan.batchSize),
  }];
}

/**
 * The minimum length of each resolution, images: half of the desired length, and at most twice the
 * minimum of the resolution before.
 */
function needed(desired: readonly ResolutionPlan[]): number[] {
  const needs: number[] = [];
  for (const plan of desired) {
    const half = lengthOf(plan) / 2;
    needs.push(Math.min(half, 2 * (needs.at(-1) ?? half)));
  }
  return needs;
}

/**
 * Distributes `seconds` over resolutions: each gets the desired images, but the most expensive ones
 * are capped to a common time, found by bisection, and never below their minimum.
 * @returns images of each resolution; undefined where the minimum takes longer than `seconds`
 */
function distribute(below: readonly Below[], seconds: number): number[] | undefined {
  const imagesAt = (level: number) =>
    below.map(({ cost, desired, needed }) => Math.max(needed, Math.min(desired, level / cost)));
  const timeAt = (level: number) =>
    imagesAt(level).reduce((sum, images, i) => sum + images * below[i]!.cost, 0);
  if (timeAt(Infinity) <= seconds) return imagesAt(Infinity);
  if (timeAt(0) > seconds) return undefined;
  let low = 0, high = seconds; // at this level a single resolution may take all the time
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (timeAt(middle) <= seconds) low = middle;
    else high = middle;
  }
  return imagesAt(low);
}

function lengthOf({ fadeImages, stabilizeImages }: ResolutionPlan): number {
  return fadeImages + stabilizeImages;
}

/** Rounds down to whole batches, or to hundreds or thousands of images where there are many. */
function rounded(images: number, batchSize: number): number {
  const step = images >= 20_000 ? 1000 : images >= 2000 ? 100 : batchSize;
  return Math.max(0, Math.floor(images / step + 1e-9) * step);
}

/**
 * The rounded length of a phase below the last resolution: at least one step where it is desired at
 * all.
 */
function phaseLength(images: number, desired: number, batchSize: number): number {
  return Math.max(desired > 0 ? batchSize : 0, rounded(images, batchSize));
}
