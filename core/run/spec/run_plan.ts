/** The record of a plan made from a budget, and options that exclude a budget. */
import { COMMAND_LINE, ConfigError, parseOverride, type RunConfig } from "../../config/mod.ts";

/** Options that give the desired length of each resolution, before a budget shortens it. */
export type PlanRule = Pick<
  RunConfig,
  "resolution" | "sched" | "epochs" | "fadeImages" | "stabilizeImages"
>;

/** A plan made from a budget; its lengths are in `run.sched`. */
export interface RunPlan {
  minutes: number;
  /** imagesSeen when it was made. */
  from: number;
  /** The desired lengths that it was made from; used again for a later budget. */
  rule: PlanRule;
  /** Images per second by resolution, measured or estimated. */
  imagesPerSecond: Record<string, number>;
}

/** Seconds per image by resolution when the run was planned; undefined where it was not. */
export function plannedTimes(plan: RunPlan | undefined): Map<number, number> | undefined {
  if (!plan) return undefined;
  return new Map(Object.entries(plan.imagesPerSecond).map(([r, pace]) => [Number(r), 1 / pace]));
}

/** Options that a plan sets; a later plan changes them only for the images ahead. */
export const PLANNED = ["resolution", "sched", "epochs", "finalRate", "decayPeriods"] as const;

/** Options that determine where phases or the run end, with their flags. */
const ENDS: Readonly<Partial<Record<keyof RunConfig, string>>> = {
  images: "--images",
  epochs: "--epochs",
  fadeImages: "--fade-images",
  stabilizeImages: "--stabilize-images",
  decayPeriods: "--decay-periods",
};

/**
 * Checks a run that is to be planned from a budget.
 * @param values options given along with the budget
 * @param run all resolved options
 * @throws ConfigError where both determine how long something lasts
 */
export function expectPlannable(
  minutes: number,
  values: Readonly<Record<string, unknown>>,
  run: Pick<RunConfig, "images">,
): void {
  if (!(minutes > 0) || !Number.isFinite(minutes)) {
    throw new ConfigError(
      `Cannot use --minutes of ${COMMAND_LINE}: expected a number above 0, received ${minutes}`,
    );
  }
  const given = Object.entries(ENDS).find(([key]) => Number(values[key] ?? 0) !== 0);
  const sched = Array.isArray(values.sched) ? values.sched.map(String) : [];
  const long = sched.find((text) => {
    const { fadeImages, stabilizeImages } = parseOverride(text);
    return fadeImages !== undefined || stabilizeImages !== undefined;
  });
  const said = given ? `${given[1]} ${values[given[0]]}` : long && `--sched ${long}`;
  if (said) {
    throw new ConfigError(
      `Cannot use ${said} beside --minutes ${minutes}: expected one of them to say how many ` +
        `images there are, received both. ` +
        (given
          ? `Leave one out`
          : `Give --sched batches and rates alone, such as 64:16:0.004, or leave --minutes out`),
    );
  }
  if (run.images > 0) {
    throw new ConfigError(
      `Cannot plan ${minutes} minutes: expected no other end of the run, received images ` +
        `${run.images} of its options. ` +
        `Add --images 0`,
    );
  }
}

/**
 * Renames an option of older records: before runs could be planned from a budget, `minutes` stopped
 * a session.
 * @param run options of a `config.json`
 */
export function withStopAfter(run: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { minutes, ...others } = run;
  return typeof minutes === "number" && others.stopAfter === undefined
    ? { ...others, stopAfter: minutes > 0 ? `${minutes}m` : "0" }
    : { ...run };
}

/**
 * @throws ConfigError where a run that was not planned from a budget is to be replanned from one
 */
export function expectPlanned({ plan }: { plan?: RunPlan }, minutes: number): void {
  if (plan) return;
  throw new ConfigError(
    `Cannot plan the rest of this run from --minutes ${minutes}: expected a run that was ` +
      `planned so, received one whose ` +
      `schedule was given. --stop-after ${minutes}m stops this session after that long, as ` +
      `--minutes once did; ` +
      `--force plans the rest anew (shorter or longer phases, a rate that falls; the run is ` +
      `then not exact)`,
  );
}
