/**
 * How many images each resolution gets within a budget of time: short low resolutions, most of the
 * time at the last one.
 *
 * A run's options give the wished length of each resolution. Below the last one these are kept as
 * long as they take at most 40 % of the time; where they take more, the ones that take longest are
 * cut first, down to what each needs. The rest goes to the last resolution. Where that is less than
 * three quarters of what it would need below another, the run ends at a lower resolution.
 */
import { type Phase, phaseAt, type ResolutionPlan } from "../schedule.ts";
import { digits } from "../text.ts";

/** The most that all resolutions below the last one may take of the time. */
const BELOW = 0.4;

/** The most that fading in may take of the last resolution's time. */
const LAST_FADE = 0.25;

/**
 * Of what a resolution must get where others follow, what is enough for the last one: what it draws
 * then is seen at its full size, though not yet at its best.
 */
const LAST_NEED = 0.75;

/** What a resolution costs. */
export interface ResolutionCost {
  /** Seconds an image while it fades in. */
  fade: number;
  /** Seconds an image after that. */
  stabilize: number;
  /** Seconds until the steps of a phase are recorded, once a phase. */
  record: number;
}

/** What a budget is planned from. */
export interface Budget {
  /** The wished lengths, up to the resolution that is wished. */
  wished: readonly ResolutionPlan[];
  costs: ReadonlyMap<number, ResolutionCost>;
  seconds: number;
  /** Where a run stands that goes on; what it has seen stays as it was. */
  past?: { phases: readonly Phase[]; imagesSeen: number };
}

/**
 * Plans the whole run from its first image, so that what is ahead takes the budget's time.
 * @returns the plan up to the last resolution that the budget affords
 * @throws RangeError where not even a step fits, or the rest of a fade that has begun
 */
export function planBudget(budget: Budget): ResolutionPlan[] {
  const { wished, seconds } = budget;
  const stands = budget.past ? standing(budget.past) : undefined;
  const first = stands ? wished.findIndex(({ resolution }) => resolution === stands.resolution) : 0;
  if (first < 0) {
    throw new RangeError(
      `Cannot plan the rest of the run: expected ${stands?.resolution} px, where it stands, ` +
        `among what is wished, ` +
        `received ${wished.map(({ resolution }) => resolution).join(", ")} px`,
    );
  }
  for (let last = wished.length - 1; last >= first; last--) {
    const ahead = aheadUpTo(budget, stands, first, last);
    if (ahead) return [...(stands?.before ?? []), ...ahead];
  }
  const { resolution, batchSize } = wished[first]!; // found above
  const begun = stands?.fadeLeft ?? 0;
  throw new RangeError(
    `Cannot plan what takes ${digits(Math.max(0, seconds), 2)} seconds: expected at least ${
      digits(leastSeconds(budget), 2)
    } for ` +
      (begun > 0
        ? `the rest of the fade at ${resolution} px, ${begun} images,`
        : `a step of ${batchSize} images at ${resolution} px`) +
      ` and preparing it`,
  );
}

/**
 * The shortest time that can be planned: that of one step, or of the rest of a fade that has begun.
 */
export function leastSeconds({ wished, costs, past }: Omit<Budget, "seconds">): number {
  const stands = past ? standing(past) : undefined, begun = stands?.fadeLeft ?? 0;
  const plan = wished.find(({ resolution }) => resolution === stands?.resolution) ?? wished[0]!;
  const { fade, stabilize, record } = costs.get(plan.resolution)!; // one for each
  return begun > 0
    ? begun * fade + record * (plan.fadeImages > 0 ? 2 : 1)
    : plan.batchSize * stabilize + record;
}

/** What has been seen of each resolution, and what is left of a fade that has begun. */
interface Standing {
  resolution: number;
  /** The resolutions below, as they were. */
  before: ResolutionPlan[];
  fadeImages: number;
  fadeLeft: number;
  stabilized: number;
}

function standing({ phases, imagesSeen }: NonNullable<Budget["past"]>): Standing {
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
      // r is of one
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

/** A resolution below the last one, in images ahead. */
interface Below {
  plan: ResolutionPlan;
  /** Seconds an image. */
  cost: number;
  wished: number;
  needed: number;
}

/**
 * The plan of the resolutions from the present to the last one; undefined where the time does not
 * suffice for that one.
 */
function aheadUpTo(
  { wished, costs, seconds }: Budget,
  stands: Standing | undefined,
  first: number,
  last: number,
): ResolutionPlan[] | undefined {
  const needs = needed(wished);
  const costOf = (plan: ResolutionPlan) => costs.get(plan.resolution)!; // there is one for each
  const fadeLeft = stands?.fadeLeft ?? 0, stabilized = stands?.stabilized ?? 0;
  const below = wished.slice(first, last).map((plan, i): Below => {
    const { fade, stabilize } = costOf(plan), images = lengthOf(plan);
    const done = i === 0 && stands ? stands.fadeImages + stabilized : 0;
    const left = Math.max(0, images - done);
    const share = i === 0 && stands ? 0 : plan.fadeImages / Math.max(1, images);
    return {
      plan,
      cost: share * fade + (1 - share) * stabilize,
      wished: left,
      needed: Math.min(left, Math.max(0, needs[first + i]! - done)),
    };
  });
  const recording = wished.slice(first, last + 1).reduce(
    (sum, plan, i) =>
      sum + costOf(plan).record * (plan.fadeImages > 0 && (i > 0 || fadeLeft > 0) ? 2 : 1),
    0,
  );
  const time = seconds - recording - fadeLeft * costOf(wished[first]!).fade;
  const images = shareOut(below, BELOW * time);
  if (!images) return undefined;
  const belowPlans = below.map(({ plan }, i): ResolutionPlan => {
    if (i === 0 && stands) {
      const { fadeImages } = stands;
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
  const plan = wished[last]!, { fade, stabilize } = costOf(plan), rest = time - spent;
  if (last === first) {
    const stabilizeImages = rounded(rest / stabilize, plan.batchSize);
    if (stabilizeImages === 0 && fadeLeft === 0) return undefined;
    const fadeImages = stands?.fadeImages ?? 0;
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
 * What each resolution must get at least where others follow: half of what is wished, and at most
 * twice what the one before needs.
 */
function needed(wished: readonly ResolutionPlan[]): number[] {
  const needs: number[] = [];
  for (const plan of wished) {
    const half = lengthOf(plan) / 2;
    needs.push(Math.min(half, 2 * (needs.at(-1) ?? half)));
  }
  return needs;
}

/**
 * Images of each resolution, such that together they take at most `seconds`: as many as wished, but
 * those that take longest are cut to one time, though not below what they need.
 * @returns undefined where what they need takes longer
 */
function shareOut(below: readonly Below[], seconds: number): number[] | undefined {
  const imagesAt = (level: number) =>
    below.map(({ cost, wished, needed }) => Math.max(needed, Math.min(wished, level / cost)));
  const timeAt = (level: number) =>
    imagesAt(level).reduce((sum, images, i) => sum + images * below[i]!.cost, 0);
  if (timeAt(Infinity) <= seconds) return imagesAt(Infinity);
  if (timeAt(0) > seconds) return undefined;
  let low = 0, high = seconds; // at which one resolution alone takes all
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

/**
 * Whole batches, or hundreds or thousands of images where they are many; never more than `images`.
 */
function rounded(images: number, batchSize: number): number {
  const step = images >= 20_000 ? 1000 : images >= 2000 ? 100 : batchSize;
  return Math.max(0, Math.floor(images / step + 1e-9) * step);
}

/**
 * The same for a phase below the last resolution, which is at least a step where it is wished at
 * all.
 */
function phaseLength(images: number, wished: number, batchSize: number): number {
  return Math.max(wished > 0 ? batchSize : 0, rounded(images, batchSize));
}
