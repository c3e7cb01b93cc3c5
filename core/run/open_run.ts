/** Opens a run to draw from it: its networks with the weights of a checkpoint. */
import type { Backend } from "../backend/types.ts";
import type { DatasetInfo } from "../data.ts";
import type { Model, RunPlugins } from "../plugin/mod.ts";
import { createTrainingState, restoreSnapshot } from "../trainer/mod.ts";
import { stateOfMeta } from "./folder/folder_output.ts";
import { loadCheckpoint } from "./load_checkpoint.ts";
import { loadSavedPlugins, type PluginChoice } from "./plugins/load_plugins.ts";
import { isOpen, type MachineOptions, selectRunBackend } from "./machine.ts";
import { keptNotices, type Notices } from "./notices.ts";
import { chooseRun } from "./places.ts";
import { resolveAll } from "./spec/resolve_options.ts";
import { createRun, type Run } from "./run.ts";
import { RunError } from "./run_error.ts";
import type { SavedRun } from "./spec/run_spec.ts";
import { configPath, readSavedRun } from "./spec/saved_run.ts";
import { trainingOptions } from "./session/training_options.ts";
import type { Trust } from "./plugins/trusted_plugins.ts";
import { defaultRuns } from "./typed_folder.ts";

/** Options of {@linkcode openRun}. */
export interface OpenRunOptions<M extends Model = Model> extends Omit<MachineOptions, "backend"> {
  /** Number, name or folder of the run. Default: the newest. */
  run?: string | undefined;
  /** Folder of the runs. Default "runs". */
  runs?: string;
  /** The checkpoint at that many images. Default: the newest. */
  checkpoint?: number | undefined;
  /** Plugins that a program gave the run as objects. */
  plugin?: PluginChoice<M> | readonly PluginChoice<M>[];
  /**
   * Whether to run plugins named in the run's folder that aren't built in. A function decides for
   * each. Default: only those trusted before.
   */
  trust?: Trust;
  /** The backend, by name or already open. Default: the one that the run trained on. */
  backend?: MachineOptions["backend"] | Backend;
  /** Receives messages. Default: warnings are kept with the run. */
  notices?: Partial<Notices>;
}

/** A run opened at a checkpoint. */
export interface OpenRun<M extends Model = Model> extends Run<M> {
  /** The saved record, with options resolved by this version. */
  readonly spec: SavedRun;
  /** The checkpoint's path inside the run's folder, and the digest of its whole state. */
  readonly checkpoint: { path: string; digest: string };
}

/**
 * Opens a run at a checkpoint. Draws are computed in float32.
 *
 * @example
 * ```ts ignore
 * import { openRun } from "cambium/engine";
 *
 * using run = await openRun({ run: "3" });
 * await run.grid("grid.png", { seeds: [1, 2, 3, 4], truncation: 0.7 });
 * ```
 * @throws RunError where the run has no checkpoint, or not the requested one
 */
export async function openRun<M extends Model = Model>(
  options: OpenRunOptions<M> = {},
): Promise<OpenRun<M>> {
  const notices = keptNotices(options.notices);
  const places = { runs: options.runs ?? defaultRuns() };
  const folder = await chooseRun(places, options.run, notices);
  const saved = await readSavedRun(folder);
  const source = { from: configPath(folder), trust: options.trust };
  const loaded = await loadSavedPlugins(saved.plugins, source, options.plugin);
  const { files, manifest, path } = await loadCheckpoint(folder, options.checkpoint, notices);
  const spec = withCurrentOptions(saved, loaded);
  notices.progress("Loading the backend …");
  const backend = await backendOf(options, spec, notices);
  notices.progress(`Opening ${folder.id} at ${manifest.imagesSeen} images …`);
  const dataset: DatasetInfo = { ...spec.dataset, skipped: [] };
  const training = createTrainingState(trainingOptions({ spec, loaded, backend }, dataset));
  try {
    restoreSnapshot(training, { files, state: stateOfMeta(manifest.meta) });
  } catch (error) {
    training.dispose();
    if (!(error instanceof RangeError)) throw error;
    throw new RunError(
      `Cannot open ${folder.id}: expected the networks that it trained, received others: its ` +
        `plugin has changed ` +
        `since (${error.message}). Open it with the version that trained it, or train anew`,
      { cause: error },
    );
  }
  notices.done();
  for (const { level, message } of training.outbox.take().lines) {
    if (level === "warning") notices.warn(message);
  }
  const run = createRun({
    id: folder.id,
    folder: folder.folder,
    spec,
    loaded,
    training,
    dataset,
    backend,
    notices,
    dispose: () => training.dispose(),
  });
  const checkpoint = { path, digest: manifest.digest };
  return Object.assign(run as Run<M>, { spec, checkpoint }); // its plugin built a model of type M
}

async function backendOf(
  { backend = "auto", ...machine }: OpenRunOptions,
  spec: SavedRun,
  notices: Notices,
): Promise<Backend> {
  if (isOpen(backend)) return backend;
  return await selectRunBackend(
    { ...machine, backend: backend === "auto" ? spec.machine.backend : backend },
    { precision: "float32", work: "draw" },
    notices,
  );
}

/**
 * Resolves the saved options with this version's schemas: new options get their defaults, removed
 * ones are an error.
 */
function withCurrentOptions(saved: SavedRun, loaded: RunPlugins): SavedRun {
  const values = Object.assign({}, saved.run, ...Object.values(saved.options));
  return { ...saved, ...resolveAll(loaded, [{ from: "the run's config.json", values }]) };
}
