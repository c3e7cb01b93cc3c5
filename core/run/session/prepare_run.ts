/**
 * Everything that a run needs before its networks are built: data, backend, what its plugins fetch.
 */
import { checkBackendOptions } from "../../backend/mod.ts";
import type { Backend } from "../../backend/types.ts";
import type { Dataset, DatasetInfo } from "../../data.ts";
import { isShards } from "../../../datasets/mod.ts";
import type { RunPlugins } from "../../plugin/mod.ts";
import { clustersOf, openRunDataset, type RunDatasetPlace } from "../data/run_dataset.ts";
import { sortPictures } from "../data/sort_pictures.ts";
import { warnOfSkipped } from "../data/warn_of_skipped.ts";
import { type MachineOptions, selectRunBackend } from "../machine.ts";
import type { Notices } from "../notices.ts";
import { preparePlugins } from "./prepare_plugins.ts";
import type { RunSpec } from "../spec/run_spec.ts";

/** What a run is prepared from. */
export interface PrepareRunOptions {
  spec: RunSpec;
  loaded: RunPlugins;
  /** What to compute on beside the specification's own part of it. */
  machine: Omit<MachineOptions, "backend" | "threads">;
  /** Folder of prepared data. Default: the user's cache. */
  cache: string | undefined;
  /** GiB on disk at most for decoded pictures of shards. Default 0. */
  shardCache?: number | undefined;
  notices: Notices;
  /** The data of the run that goes on, or whose weights are taken. */
  known?: Pick<DatasetInfo, "digest" | "classes"> | undefined;
  /** Computes the run instead of a backend that is selected. */
  backend?: Backend;
  /** Stops plugins that fetch something. */
  signal?: AbortSignal;
}

/** A run that can be planned, profiled, begun or continued. */
export interface PreparedRun {
  readonly spec: RunSpec;
  readonly loaded: RunPlugins;
  /** What it learns from; closed with the run. */
  readonly dataset: Dataset;
  readonly backend: Backend;
  readonly notices: Notices;
  /** What the run's log shall tell first, such as its plan. */
  readonly told?: readonly string[];
}

/** Opens the data and the backend, and lets the plugins prepare. */
export async function prepareRun(options: PrepareRunOptions): Promise<PreparedRun> {
  const { spec, loaded, machine, cache, shardCache, known, notices, signal } = options;
  const { backend: name, threads } = spec.machine, { precision } = spec.run;
  checkBackendOptions({ name, device: machine.device ?? "auto", precision, place: machine.place });
  notices.progress("Opening the data …");
  const place = { cache, shardCache, classes: known?.classes };
  let dataset = await openRunDataset(spec, loaded, notices, place);
  try {
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
    if (dataset.info.digest !== known?.digest) dataset = await sorted(dataset, options, backend);
    await preparePlugins(spec, loaded, notices, signal);
    return { spec, loaded, dataset, backend, notices };
  } catch (error) {
    dataset.close();
    throw error;
  }
}

/** The data with its pictures sorted into classes, where the run wants it and it can be done. */
async function sorted(
  dataset: Dataset,
  { spec, loaded, notices, cache, shardCache }: PrepareRunOptions,
  { info: { name } }: Backend,
): Promise<Dataset> {
  const clusters = clustersOf(spec.options);
  if (clusters === 0 || dataset.info.kind !== "images") return dataset;
  const why = name === "cpu"
    ? "the CPU backend would take hours"
    : isShards(spec.data.source)
    ? "those of shards are too many to look at before"
    : undefined;
  if (why) {
    notices.log(`Pictures are not sorted into classes: ${why}`);
    return dataset;
  }
  const classes = await sortPictures(dataset, clusters, notices, cache);
  if (!classes) return dataset;
  const place: RunDatasetPlace = { cache, shardCache, classes };
  const other = await openRunDataset(spec, loaded, notices, place);
  dataset.close();
  const { count, heldOutCount, labels } = other.info;
  notices.log(
    `${count + heldOutCount} pictures are sorted into ${labels.length} classes by what ` +
      `EfficientNet-lite0 sees; the run's classes.png shows them`,
  );
  return other;
}
