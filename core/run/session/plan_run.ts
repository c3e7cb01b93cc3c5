/** Plans a run from a time budget: measures its speed, and fixes its phases in images. */
import {
  type Budget,
  decayPeriods,
  formatOverride,
  formatPeriod,
  leastSeconds,
  parseOverride,
  planBudget,
  planOf,
  type RunConfig,
} from "../../config/mod.ts";
import { type Phase, phaseAt, phasesOf, type ResolutionPlan } from "../../schedule.ts";
import { digits } from "../../text.ts";
import { costsOf, measurePhases, type PhaseProbe } from "../../rehearsal/mod.ts";
import { RunError } from "../run_error.ts";
import type { PlanRule, RunPlan } from "../spec/run_plan.ts";
import type { RunSpec } from "../spec/run_spec.ts";
import { expectBatches } from "./expect_batches.ts";
import { probeAt, tellPlanners } from "./follow_plan.ts";
import { planText } from "./plan_text.ts";
import type { PreparedRun } from "./prepare_run.ts";

/** Largest share of the budget for measuring. */
const MEASURING = 0.1;

/** Share of the rest that is reserved for samples, checkpoints and waiting. */
const RESERVE = 0.05;

/** Where the options keep the learning rate constant, it decays to this fraction. */
const FINAL_RATE = 0.1;

/**
 * The last stabilization lasts at least this many half-lives of the moving average, so that the
 * average has settled.
 */
const HALF_LIVES = 8;

/** Measures some phases of a run, within about `seconds`. */
export type MeasureRun = (
  prepared: PreparedRun,
  phases: readonly Phase[],
  seconds: number,
) => Promise<PhaseProbe[]>;

/** Options of {@linkcode planRun}. */
export interface PlanRunOptions {
  minutes: number;
  /** The run's position, if it is resumed. */
  past?: Budget["past"];
  /** Default: measures a few steps of the networks. */
  measure?: MeasureRun;
}

/** A planned run. */
export interface PlannedRun {
  /** The run with the plan in its specification, and lines for its log. */
  prepared: PreparedRun;
  probes: PhaseProbe[];
}

/**
 * Measures a run's speed and plans its phases so that it ends with the budget, with the learning
 * rate decayed and the moving average settled. With several workers, worker 0 plans for all; the
 * others call `followPlan()` at the same time.
 * @throws RunError where not even a step fits into the budget, or the data can't fill a batch
 */
export async function planRun(
  prepared: PreparedRun,
  { minutes, past, measure = measureRun }: PlanRunOptions,
): Promise<PlannedRun> {
  const { spec, dataset: { info }, notices } = prepared, began = performance.now();
  const rule = spec.plan?.rule ?? ruleOf(spec.run);
  const desired = desiredPlan(spec.run, rule, info.count);
  const { resolution } = rule;
  const run = { ...spec.run, resolution, sched: desired.map(formatOverride), epochs: 0 };
  const lowest = past ? phaseAt(past.phases, past.imagesSeen).phase.resolution : 0;
  const phases = phasesOf(desired).filter(({ resolution }) => resolution >= lowest);
  if (phases.length === 0) {
    throw new RunError(
      `Cannot plan the rest of the run: expected a last resolution of at least ${lowest} px, ` +
        `where it stands, received ` +
        `--resolution ${resolution}`,
    );
  }
  expectBatches(run, info, { phases });
  notices.progress("Measuring the speed …");
  const limit = MEASURING * minutes * 60;
  const probes = await measure({ ...prepared, spec: { ...spec, run } }, phases, limit);
  notices.done();
  const measured = (performance.now() - began) / 1000;
  const costs = costsOf(phases, probes);
  const budget: Budget = { desired, costs, seconds: (minutes * 60 - measured) * (1 - RESERVE) };
  if (past) budget.past = past;
  const plan = planned(budget, measured);
  const planSpec = specOf(spec, { minutes, rule, budget, plan });
  const { finalRate, decayFrom } = planSpec.run;
  await tellPlanners(prepared.backend, {
    planned: { run: planSpec.run, ...(planSpec.plan ? { plan: planSpec.plan } : {}) },
  });
  const told = planText({ minutes, budget, plan, finalRate, decayFrom, now: new Date() });
  return { probes, prepared: { ...prepared, spec: planSpec, told } };
}

/** The desired plan: lengths from the rule, batch sizes and learning rates from the run. */
function desiredPlan(run: RunConfig, rule: PlanRule, count: number): ResolutionPlan[] {
  const own = planOf({ ...run, resolution: rule.resolution }, count);
  return planOf({ ...run, ...rule }, count).map((plan, i) => {
    const { batchSize, learningRate } = own[i]!; // both plans have the same resolutions
    return { ...plan, batchSize, learningRate };
  });
}

/** @param measured time that measuring took, seconds */
function planned(budget: Budget, measured: number): ResolutionPlan[] {
  try {
    return planBudget(budget);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    // measuring takes its share of a longer budget, too
    const seconds = (leastSeconds(budget) / (1 - RESERVE) + measured) / (1 - MEASURING);
    throw new RunError(
      `${cause.message}. Give at least ${digits(Math.ceil(seconds / 0.6) / 100, 3)} minutes` +
        (budget.past ? ", or leave them out: --stop-after ends a session anywhere" : ""),
      { cause },
    );
  }
}

/** The run's specification with the plan applied. */
function specOf(
  spec: RunSpec,
  { minutes, rule, budget: { past, costs }, plan }: Pick<RunPlan, "minutes" | "rule"> & {
    budget: Budget;
    plan: readonly ResolutionPlan[];
  },
): RunSpec {
  // a plan is not empty
  const { run } = spec, last = plan.at(-1)!, end = phasesOf(plan).at(-1)!.end;
  const from = past?.imagesSeen ?? 0;
  const above = rule.sched.map(parseOverride).filter(({ resolution }) =>
    resolution > last.resolution
  );
  const periods = decayPeriods(run.decayPeriods);
  const before = periods.length > 0 ? periods : [{ from: 0, to: past?.phases.at(-1)?.end ?? 0 }];
  const settled = Math.ceil(last.stabilizeImages / HALF_LIVES);
  return {
    ...spec,
    run: {
      ...run,
      resolution: last.resolution,
      sched: [...plan, ...above].map(formatOverride),
      epochs: 0,
      finalRate: run.finalRate === 1 ? FINAL_RATE : run.finalRate,
      decayPeriods: from > 0
        ? [...before.filter((period) => period.from < from), { from, to: end }].map(formatPeriod)
        : [], // one period: the whole schedule
      emaImages: past ? run.emaImages : Math.min(run.emaImages, settled),
    },
    plan: {
      minutes,
      from,
      rule,
      imagesPerSecond: Object.fromEntries(
        [...costs].map(([r, { stabilize }]) => [r, digits(1 / stabilize, 3)]),
      ),
    },
  };
}

function ruleOf({ resolution, sched, epochs, fadeImages, stabilizeImages }: RunConfig): PlanRule {
  return { resolution, sched, epochs, fadeImages, stabilizeImages };
}

const measureRun: MeasureRun = (prepared, phases, seconds) =>
  measurePhases({
    phases,
    seconds,
    async probe(phase) {
      await tellPlanners(prepared.backend, { probe: { run: prepared.spec.run, phase } });
      const probe = await probeAt(prepared, phase);
      prepared.notices.progress(`Measured ${phase.resolution} px, ${phase.kind}`);
      return probe;
    },
  });
