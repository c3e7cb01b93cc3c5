/** From the options to the plan of each resolution: automatic values, then `--sched`. */
import type { ResolutionPlan } from "../schedule.ts";
import type { RunConfig } from "./run_config.ts";

/** The options that decide a run's phases. */
export type PlanOptions = Pick<
  RunConfig,
  | "startResolution"
  | "resolution"
  | "fadeImages"
  | "stabilizeImages"
  | "epochs"
  | "batch"
  | "learningRate"
  | "sched"
>;

/** Batch sizes that fit two cores and 4 GB: 16 up to 64 px, then half at each doubling, at least 4. */
export function automaticBatch(resolution: number): number {
  return Math.max(4, Math.min(16, 1024 / resolution));
}

/**
 * The plan of a run, resolution by resolution.
 * @param count images of the data set: what an epoch is
 * @returns the plan from `startResolution` to `resolution`
 * @throws RangeError where a resolution is no power of two, or `--sched` can't be read
 */
export function planOf(options: PlanOptions, count = 0): ResolutionPlan[] {
  for (const key of ["startResolution", "resolution"] as const) {
    if (Math.log2(options[key]) % 1 !== 0) {
      throw new RangeError(
        `Cannot plan the run: expected ${key} to be a power of two, received ${options[key]}`,
      );
    }
  }
  if (options.startResolution > options.resolution) {
    throw new RangeError(
      `Cannot plan the run: expected startResolution (${options.startResolution}) to be at most ` +
        `resolution (${options.resolution})`,
    );
  }
  const overrides = new Map(options.sched.map(parseOverride).map((o) => [o.resolution, o]));
  for (const resolution of overrides.keys()) {
    if (Math.log2(resolution) % 1 !== 0) {
      throw new RangeError(
        `Cannot read --sched: expected a power of two before the first colon, received ${resolution}`,
      );
    }
  }
  const { epochs } = options;
  if (epochs > 0 && count === 0) {
    throw new RangeError(
      `Cannot plan --epochs ${epochs}: expected a data set with images, received none`,
    );
  }
  const fade = epochs > 0 ? epochs * count : options.fadeImages;
  const stabilize = epochs > 0 ? epochs * count : options.stabilizeImages;
  const plan: ResolutionPlan[] = [];
  for (let r = options.startResolution; r <= options.resolution; r *= 2) {
    const o = overrides.get(r);
    plan.push({
      resolution: r,
      fadeImages: r === options.startResolution ? 0 : o?.fadeImages ?? fade,
      stabilizeImages: o?.stabilizeImages ?? stabilize,
      batchSize: o?.batchSize ?? (options.batch || automaticBatch(r)),
      learningRate: o?.learningRate ?? options.learningRate,
    });
  }
  return plan;
}

type Override = { resolution: number } & Partial<Omit<ResolutionPlan, "resolution">>;

/** "64:16:0.0015", "64:16", "64::0.002", "64:16:0.0015:60000:100000"; numbers may end in k or M. */
function parseOverride(text: string): Override {
  const parts = text.split(":");
  const wrong = (what: string) =>
    new RangeError(
      `Cannot read --sched: expected RES:BATCH:RATE:FADE:STABILIZE with ${what}, received "${text}". ` +
        `Example: --sched 64:16:0.0015`,
    );
  if (parts.length < 2 || parts.length > 5) throw wrong("two to five parts");
  const at = (i: number, name: string, whole: boolean, minimum: number): number | undefined => {
    const part = parts[i];
    if (part === undefined || part === "") return undefined;
    const match = /^(\d+(?:\.\d+)?(?:e-?\d+)?)([kM]?)$/.exec(part);
    if (!match) throw wrong(`a number as ${name}`);
    const value = Number(match[1]) * ({ k: 1e3, M: 1e6 }[match[2]!] ?? 1);
    if (value < minimum || (whole && !Number.isSafeInteger(value))) {
      throw wrong(`a ${whole ? "whole " : ""}number of at least ${minimum} as ${name}`);
    }
    return value;
  };
  const resolution = at(0, "RES", true, 4);
  if (resolution === undefined) throw wrong("a resolution");
  const batchSize = at(1, "BATCH", true, 1), learningRate = at(2, "RATE", false, 1e-8);
  const fadeImages = at(3, "FADE", true, 0), stabilizeImages = at(4, "STABILIZE", true, 0);
  return {
    resolution,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(learningRate === undefined ? {} : { learningRate }),
    ...(fadeImages === undefined ? {} : { fadeImages }),
    ...(stabilizeImages === undefined ? {} : { stabilizeImages }),
  };
}
