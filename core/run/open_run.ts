/** Opens a run for drawing from it: its networks with the weights of a checkpoint. */
import type { Backend } from "../backend/mod.ts";
import { findCheckpoints, loadNewestIntact, readCheckpoint } from "../checkpoint/mod.ts";
import type { DatasetInfo } from "../data.ts";
import type { OpenedRun, RunPlugins } from "../plugin/mod.ts";
import { type RunFolder, stateOfMeta } from "./mod.ts";
import { createTrainingState, restoreSnapshot, type TrainingState } from "../trainer/mod.ts";
import { RunError } from "./run_error.ts";
import { loadPlugins } from "./load_plugin.ts";
import { type MachineOptions, selectRunBackend } from "./machine.ts";
import { resolveAll, type SavedRun } from "./run_spec.ts";
import { trainingOptions } from "./session.ts";
import { readSavedRun } from "./saved_run.ts";
import type { Notices } from "./notices.ts";

/** An opened run with what the command line knows of it. */
export interface OpenRun extends OpenedRun {
  spec: SavedRun;
  loaded: RunPlugins;
  training: TrainingState;
  dataset: DatasetInfo;
  imagesSeen: number;
  resolution: number; // px a side
  alpha: number;
  checkpoint: { path: string; digest: string };
}

/** Everything that opening needs. */
export interface OpenRunOptions {
  folder: RunFolder;
  /** Images seen at the checkpoint. Default: the newest. */
  checkpoint?: number | undefined;
  /** What to compute on; "auto" is what the run trained on. */
  machine: MachineOptions;
  notices: Notices;
  /** Use this backend instead of selecting one. */
  backend?: Backend;
}

/**
 * Opens a run at a checkpoint. Draws are computed in float32.
 * @throws RunError where the run has no checkpoint, or not the one that was named
 */
export async function openRun(
  { folder, checkpoint: wanted, machine, notices, backend }: OpenRunOptions,
): Promise<OpenRun> {
  const saved = await readSavedRun(folder);
  const checkpoint = await loadCheckpoint(folder, wanted, notices);
  const loaded = await loadPlugins(saved.plugins.map((p) => p.specifier));
  const spec = withTodaysOptions(saved, loaded);
  notices.progress("Loading the backend …");
  const { backend: name = "auto" } = machine;
  const chosen = backend ?? await selectRunBackend(
    { ...machine, backend: name === "auto" ? spec.machine.backend : name },
    { precision: "float32", work: "draw" },
    notices,
  );
  notices.progress(`Opening ${folder.id} at ${checkpoint.manifest.imagesSeen} images …`);
  const dataset: DatasetInfo = { ...spec.dataset, skipped: [] };
  const training = createTrainingState(
    trainingOptions(spec, loaded, dataset, chosen),
  );
  try {
    restoreSnapshot(training, {
      files: checkpoint.files,
      state: stateOfMeta(checkpoint.manifest.meta),
    });
  } catch (error) {
    training.dispose();
    if (!(error instanceof RangeError)) throw error;
    throw new RunError(
      `Cannot open ${folder.id}: expected the networks that it trained, received others: its plugin has changed ` +
        `since (${error.message}). Open it with the version that trained it, or train anew`,
      { cause: error },
    );
  }
  notices.done();
  for (const { level, message } of training.outbox.take().lines) {
    if (level === "warning") notices.warn(message);
  }
  const { average, model, plugins } = training, position = training.position();
  return {
    id: folder.id,
    folder: folder.folder,
    plugin: loaded.model.plugin.name,
    context: plugins.model.context,
    model,
    backend: chosen,
    runConfig: spec.run,
    withAverage: (fn) => average ? average.withAverage(fn) : fn(),
    dispose: () => training.dispose(),
    spec,
    loaded,
    training,
    dataset,
    imagesSeen: checkpoint.manifest.imagesSeen,
    resolution: position.phase.resolution,
    alpha: position.alpha,
    checkpoint: { path: checkpoint.path, digest: checkpoint.manifest.digest },
  };
}

/** Options that are younger than the run have their defaults; those that are gone are an error. */
function withTodaysOptions(saved: SavedRun, loaded: RunPlugins): SavedRun {
  const values = Object.assign({}, saved.run, ...Object.values(saved.options));
  return { ...saved, ...resolveAll(loaded, [{ from: "the run's config.json", values }]) };
}

async function loadCheckpoint(folder: RunFolder, wanted: number | undefined, notices: Notices) {
  if (wanted === undefined) {
    const newest = await loadNewestIntact(folder.folder, {
      onSkipped: (path, reason) => notices.warn(`${path} is not used: ${reason}`),
    });
    if (newest) return newest;
    throw new RunError(
      `Cannot open ${folder.id}: expected a checkpoint, received none (it stopped before its first). ` +
        `Name another run with --run; deno task runs lists them`,
    );
  }
  const found = await findCheckpoints(folder.folder);
  const place = found.findLast((c) => c.imagesSeen === wanted);
  if (place) return { ...await readCheckpoint(place.folder), ...place };
  throw new RunError(
    `Cannot open ${folder.id} at ${wanted} images: expected --checkpoint ` +
      (found.map((c) => c.imagesSeen).join(", ") || "of a run that has one; this one has none"),
  );
}

/**
 * Asserts that a run can be drawn from by latents.
 * @param what the wish, e.g. "draw samples"
 * @throws RunError naming the plugin and the commands that it has instead
 */
export function expectGenerator(
  run: OpenRun,
  what: string,
): asserts run is OpenRun & GeneratingRun {
  const { generate, latentSize } = run.model;
  if (generate && latentSize !== undefined) return;
  throw new RunError(
    `Cannot ${what} of ${run.id}: expected a plugin that draws images from latents alone, ${
      insteadOf(run)
    }`,
  );
}

/** A run whose model draws images from latents alone. */
export interface GeneratingRun {
  model: { latentSize: number; generate: NonNullable<OpenedRun["model"]["generate"]> };
}

/** What to do with a run whose plugin lacks something. */
export function insteadOf(run: OpenRun): string {
  const { plugin } = run.loaded.model;
  const names = (plugin.commands ?? []).filter(({ needsRun = true }) => needsRun)
    .map(({ name }) => `deno task ${name}`);
  return `received "${plugin.name}". ` +
    (names.length > 0
      ? `Use ${names.join(" or ")}`
      : `Its sample grids are in ${run.folder}/samples`);
}
