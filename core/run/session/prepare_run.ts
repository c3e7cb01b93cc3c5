/** Prepares what a run needs before its networks are built: data, backend and plugins. */
import { checkBackendOptions } from "../../backend/mod.ts";
import type { Backend } from "../../backend/types.ts";
import type { Dataset, DatasetInfo } from "../../data.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { withMovedAdvice } from "../data/moved_data.ts";
import { openRunDataset } from "../data/run_dataset.ts";
import { sortedDataset } from "../data/sorted_dataset.ts";
import { warnOfSkipped } from "../data/warn_of_skipped.ts";
import { type MachineOptions, selectRunBackend } from "../machine.ts";
import type { Notices } from "../notices.ts";
import { preparePlugins } from "./prepare_plugins.ts";
import { RunError } from "../run_error.ts";
import type { RunSpec } from "../spec/run_spec.ts";

/** Options of {@linkcode prepareRun}. */
export interface PrepareRunOptions {
  spec: RunSpec;
  loaded: RunPlugins;
  /** What to compute on, besides the specification's own part. */
  machine: Omit<MachineOptions, "backend" | "threads">;
  /** Folder of prepared data. Default: the user's cache. */
  cache: string | undefined;
  /** Size limit of decoded pictures of shards on disk, GiB. Default 0. */
  shardCache?: number | undefined;
  notices: Notices;
  /** The run that is resumed, or whose weights are used; its classes are reused as well. */
  before?: { dataset: Pick<DatasetInfo, "classes">; goesOn: boolean } | undefined;
  /** An open backend, used instead of selecting one. */
  backend?: Backend;
  /** Aborts plugins' downloads. */
  signal?: AbortSignal;
}

/** A run that can be planned, profiled, started or resumed. */
export interface PreparedRun {
  readonly spec: RunSpec;
  readonly loaded: RunPlugins;
  /** The training data; closed with the run. */
  readonly dataset: Dataset;
  readonly backend: Backend;
  readonly notices: Notices;
  /** First lines of the run's log, such as its plan. */
  readonly told?: readonly string[];
}

/** Opens the data and the backend, and lets the plugins prepare. */
export async function prepareRun(options: PrepareRunOptions): Promise<PreparedRun> {
  const { spec, loaded, machine, cache, shardCache, before, notices, signal } = options;
  const { backend: name, threads } = spec.machine, { precision } = spec.run;
  checkBackendOptions({ name, device: machine.device ?? "auto", precision, place: machine.place });
  notices.progress("Opening the data …");
  const place = { cache, shardCache, classes: before?.dataset.classes };
  let dataset = await openRunDataset(spec, loaded, notices, place).catch((error) => {
    throw before?.goesOn ? withMovedAdvice(error) : error;
  });
  try {
    if (before?.goesOn) expectItsClasses(before.dataset, dataset.info);
    const { fit, background, channels } = spec.data;
    warnOfSkipped(dataset.info, {
      resolution: spec.run.resolution,
      fit,
      background,
      channels,
      skipSmaller: loaded.model.plugin.skipSmaller === true,
      cache,
    }, notices);
    for (const note of dataset.info.notes ?? []) notices.log(`${dataset.info.name}: ${note}`);
    notices.progress("Loading the backend …");
    const backend = options.backend ?? await selectRunBackend(
      { ...machine, backend: name, threads },
      { precision, work: "train" },
      notices,
    );
    notices.done();
    if (!before?.goesOn) dataset = await sortedDataset(dataset, options, backend);
    await preparePlugins(spec, loaded, notices, signal);
    return { spec, loaded, dataset, backend, notices };
  } catch (error) {
    dataset.close();
    throw error;
  }
}

/**
 * Checks that a run that was trained on sorted classes still has them.
 * @throws RunError where its pictures or the options of its classes have changed
 */
function expectItsClasses(
  before: Pick<DatasetInfo, "classes">,
  { classes, count, heldOutCount }: DatasetInfo,
): void {
  if (!before.classes || classes) return;
  throw new RunError(
    `Cannot go on: expected the pictures that the run sorted into classes, received ` +
      `${count + heldOutCount} that are not the same, or other --clusters, --labels or ` +
      `--held-out. Put them back as they were, or begin a new run with its weights (--from)`,
  );
}
