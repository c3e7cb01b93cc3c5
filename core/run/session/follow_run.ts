/**
 * A worker other than 0, which owns the run's folder: it trains the same run and writes nothing.
 */
import {
  adoptWeights,
  createTrainingState,
  type RunOutput,
  train,
  type TrainOptions,
} from "../../trainer/mod.ts";
import type { RunFolder } from "../folder/run_folder.ts";
import { createChartMeasures } from "../measure/measure_charts.ts";
import { flatConfig } from "../spec/deciding_config.ts";
import { loadCheckpointIfAny } from "../load_checkpoint.ts";
import type { WeightSource } from "../weight_source.ts";
import { restore } from "./continue_run.ts";
import type { PreparedRun } from "./prepare_run.ts";
import { agreementOf, expectEqualShares, expectSameRun } from "./share_run.ts";
import { trainingOptions } from "./training_options.ts";

/** Options of {@linkcode followRun}. */
export interface FollowOptions {
  /** The folder of a run that is resumed; it is only read. */
  folder: RunFolder | undefined;
  /** imagesSeen of an earlier checkpoint. Default: the newest intact one. */
  at?: number | undefined;
  /** Source of a new run's initial weights. */
  source?: WeightSource | undefined;
  signal: AbortSignal;
  /** Reports this worker's pace to worker 0. */
  workers?: TrainOptions["workers"];
}

/**
 * Trains with the other workers until they end the session.
 * @throws RunError where this worker differs from the others
 */
export async function followRun(
  prepared: PreparedRun,
  { folder, at, source, signal, workers }: FollowOptions,
): Promise<void> {
  const { spec, dataset, notices, backend } = prepared;
  const training = createTrainingState(trainingOptions(prepared, dataset.info));
  const { metricsImages: images, metricsSplit: split, seed, flip } = spec.run;
  const measures = createChartMeasures(dataset, { images, split, seed, flip }, notices);
  try {
    expectEqualShares(training);
    let interval: NonNullable<TrainOptions["interval"]> = {};
    const checkpoint = folder && await loadCheckpointIfAny(folder, at, notices, "resume");
    if (folder && checkpoint) interval = await restore(prepared, folder, training, checkpoint);
    if (source) adoptWeights(training, source.checkpoint.files);
    await expectSameRun(prepared, training);
    const agree = agreementOf(backend);
    await train({
      training,
      dataset,
      output: DISCARD,
      observers: [],
      signal,
      interval,
      config: flatConfig(spec),
      measure: measures.measure,
      ...(agree ? { agree } : {}),
      ...(workers ? { workers } : {}),
    });
  } finally {
    measures.dispose();
    training.dispose();
  }
}

/** An output that discards everything. */
const DISCARD: RunOutput = {
  folder: "",
  writeSamples: (_, facts) => {
    const entry = { ...facts, path: "", columns: 1, rows: 1, cell: 1, time: 0 };
    return Promise.resolve({ entry, surplus: [] });
  },
  removeSamples: () => Promise.resolve(),
  writeReals: () => Promise.resolve(),
  writePanel: () =>
    Promise.resolve({ path: "", columns: 1, rows: 1, count: 1, cell: { width: 1, height: 1 } }),
  writeCheckpoint: ({ state }) => {
    const { imagesSeen } = state.counters;
    const entry = { imagesSeen, path: "", bytes: 0, digest: "", time: 0 };
    return Promise.resolve({ entry, removed: [] });
  },
};
