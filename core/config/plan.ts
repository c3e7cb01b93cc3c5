/** Plans each resolution from the options: automatic values, overridden by `--sched`. */
import type { ResolutionPlan } from "../schedule.ts";
import type { RunConfig } from "./run_config.ts";
import { parseOverride } from "./sched.ts";

/** The options that determine a run's phases. */
export type PlanOptions =
  & Pick<
    RunConfig,
    | "startResolution"
    | "resolution"
    | "fadeImages"
    | "stabilizeImages"
    | "epochs"
    | "batch"
    | "learningRate"
    | "sched"
  >
  & Partial<Pick<RunConfig, "alphaStep">>;

/**
 * Batch sizes that suit two cores and 4 GB: 16 up to 64 px, then halved with each doubling, at
 * least 4.
 */
export function automaticBatch(resolution: number): number {
  return Math.max(4, Math.min(16, 1024 / resolution));
}

/**
 * The plan of a run, resolution by resolution.
 * @param count images in the data set: the length of an epoch
 * @returns the plan from `startResolution` to `resolution`
 * @throws RangeError where a resolution is not a power of two, or `--sched` is invalid
 */
export function planOf(options: PlanOptions, count = 0): ResolutionPlan[] {
  const { startResolution: first, resolution: last } = options;
  for (const [flag, side] of [["--start-resolution", first], ["--resolution", last]] as const) {
    if (Math.log2(side) % 1 !== 0) {
      throw new RangeError(
        `Cannot plan the run: expected ${flag} to be a power of two, received ${side}`,
      );
    }
  }
  if (first > last) {
    throw new RangeError(
      `Cannot plan the run: expected --start-resolution of at most ${last}, the run's ` +
        `--resolution, received ${first}`,
    );
  }
  const overrides = new Map(options.sched.map(parseOverride).map((o) => [o.resolution, o]));
  const { epochs, alphaStep = 0 } = options;
  if (epochs > 0 && count === 0) {
    throw new RangeError(
      `Cannot plan --epochs ${epochs}: expected a data set with images, received none`,
    );
  }
  const fade = epochs > 0 ? epochs * count : options.fadeImages;
  const stabilize = epochs > 0 ? epochs * count : options.stabilizeImages;
  const plan: ResolutionPlan[] = [];
  for (let r = first; r <= last; r *= 2) {
    const o = overrides.get(r);
    const batchSize = o?.batchSize ?? (options.batch || automaticBatch(r));
    const byStep = alphaStep > 0 ? Math.round(1 / alphaStep) * batchSize : undefined;
    plan.push({
      resolution: r,
      fadeImages: r === first ? 0 : o?.fadeImages ?? byStep ?? fade,
      stabilizeImages: o?.stabilizeImages ?? stabilize,
      batchSize,
      learningRate: o?.learningRate ?? options.learningRate,
    });
  }
  return plan;
}
