/** What must hold of a run's data before its first phase starts. */
import { planOf, type RunConfig } from "../../config/mod.ts";
import type { DatasetInfo } from "../../data.ts";
import { type Phase, phasesOf } from "../../schedule.ts";
import { messageOf } from "../../text.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { expectMeasurable } from "../measure/measured_set.ts";
import { RunError } from "../run_error.ts";

/** What is ahead of a run. */
export interface Ahead {
  /** Default: those of its options. */
  phases?: readonly Phase[] | undefined;
  /** Phases that are over by then were filled. Default 0. */
  imagesSeen?: number | undefined;
}

/**
 * Looks at every phase that is ahead before the first one starts.
 * @throws RunError where the data can't fill a batch that the run will want
 */
export function expectBatches(
  run: RunConfig,
  { count }: Pick<DatasetInfo, "count">,
  { phases = phasesOf(planOf(run, count)), imagesSeen = 0 }: Ahead = {},
): void {
  const last = run.images || Infinity;
  const ahead = phases.filter(({ start, end }) => start < last && end > imagesSeen);
  const short = ahead.find(({ batchSize }) => batchSize > count);
  if (!short) return;
  const { batchSize, resolution } = short;
  throw new RunError(
    `Cannot fill a batch at ${resolution} px: expected at least ${batchSize} images to train ` +
      `on, received ${count}. ` +
      `Add images, or pass a smaller --batch`,
  );
}

/** @throws RunError where the run is to be measured as it trains, and can't be */
export function expectMeasurements(training: TrainingState, info: DatasetInfo): void {
  const { metricsEvery, metricsSplit } = training.run;
  if (metricsEvery === 0) return;
  try {
    expectMeasurable(training, info, metricsSplit);
  } catch (error) {
    throw new RunError(`--metrics-every ${metricsEvery}: ${messageOf(error)}. Leave it out`);
  }
}
