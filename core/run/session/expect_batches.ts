/** Checks a run's data before its first phase starts. */
import { planOf, type RunConfig } from "../../config/mod.ts";
import type { DatasetInfo } from "../../data.ts";
import { type Phase, phasesOf } from "../../schedule.ts";
import { messageOf } from "../../text.ts";
import type { TrainingState } from "../../trainer/mod.ts";
import { expectMeasurable } from "../measure/measured_set.ts";
import { RunError } from "../run_error.ts";

/** The part of a run that is ahead. */
export interface Ahead {
  /** The schedule. Default: that of its options. */
  phases?: readonly Phase[] | undefined;
  /** Phases that are over by then are not checked. Default 0. */
  imagesSeen?: number | undefined;
}

/**
 * Checks that the data can fill the batches of every phase that is ahead.
 * @throws RunError where the data has fewer images than a batch
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

/** @throws RunError where the run should be measured during training, but can't be */
export function expectMeasurements(training: TrainingState, info: DatasetInfo): void {
  const { metricsEvery, metricsSplit } = training.run;
  if (metricsEvery === 0) return;
  try {
    expectMeasurable(training, info, metricsSplit);
  } catch (error) {
    throw new RunError(`--metrics-every ${metricsEvery}: ${messageOf(error)}. Leave it out`);
  }
}
