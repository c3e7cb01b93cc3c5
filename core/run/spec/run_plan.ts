/**
 * What a run keeps of the plan that was made of a budget, and what can't be said beside a budget.
 */
import { COMMAND_LINE, ConfigError, parseOverride, type RunConfig } from "../../config/mod.ts";

/** Options that say how long each resolution is wished to be, before a budget decides. */
export type PlanRule = Pick<
  RunConfig,
  "resolution" | "sched" | "epochs" | "fadeImages" | "stabilizeImages"
>;

/** A plan that was made of a budget; its images are in `run.sched`. */
export interface RunPlan {
  minutes: number;
  /** Images that the run had seen when it was made. */
  from: number;
  /** What it was made by; a later budget is planned by the same. */
  rule: PlanRule;
  /** Images a second that were measured or guessed, by resolution. */
  imagesPerSecond: Record<string, number>;
}

/** Seconds an image by resolution, as they were when the run was planned, if it was. */
export function plannedTimes(plan: RunPlan | undefined): Map<number, number> | undefined {
  if (!plan) return undefined;
  return new Map(Object.entries(plan.imagesPerSecond).map(([r, pace]) => [Number(r), 1 / pace]));
}

/** Options that a plan decides; a later plan changes them for images that are ahead alone. */
export const PLANNED = ["resolution", "sched", "epochs", "finalRate", "decayPeriods"] as const;

/** Options that say where phases or the run end, and what says that they don't. */
const ENDS: Readonly<Partial<Record<keyof RunConfig, string>>> = {
  images: "--images",
  epochs: "--epochs",
  fadeImages: "--fade-images",
  stabilizeImages: "--stabilize-images",
  decayPeriods: "--decay-periods",
};

/**
 * Looks at a run that is to be planned from a budget.
 * @param values wished beside the budget
 * @param run all options
 * @throws ConfigError where both say how long something lasts
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
 * Options as they are called today: until runs could be planned from a budget, `minutes` stopped a
 * session.
 * @param run of a `config.json`
 */
export function withStopAfter(run: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { minutes, ...others } = run;
  return typeof minutes === "number" && others.stopAfter === undefined
    ? { ...others, stopAfter: minutes > 0 ? `${minutes}m` : "0" }
    : { ...run };
}

/** @throws ConfigError where a run that no budget made shall be planned by one */
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
