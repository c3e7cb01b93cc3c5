/** Resumes a run from a program. */
import type { Model } from "../plugin/mod.ts";
import { continueRun } from "./session/continue_run.ts";
import { expectRunFolder } from "./session/expect_runs_folder.ts";
import { loadPlugins, loadSavedPlugins, type PluginChoice } from "./plugins/load_plugins.ts";
import { resumedSpec } from "./spec/new_spec.ts";
import { chooseRun, placesOf, tellOfGone } from "./places.ts";
import { prepareRun } from "./session/prepare_run.ts";
import { configPath, readSavedRun } from "./spec/saved_run.ts";
import { named, partsOf, type RunOptions } from "./start_run.ts";
import { createTrainingRun, type TrainingRun } from "./session/training_run.ts";

/** Options of {@linkcode resumeRun}: which run, and what changes. */
export interface ResumeRunOptions<M extends Model = Model> extends RunOptions {
  /** Number, name or folder of the run. Default: the newest. */
  run?: string;
  /** The checkpoint at that many images; later ones are set aside. Default: the newest. */
  checkpoint?: number;
  /**
   * Accepts changes of data or options that affect training; the run is then no longer reproducible
   * exactly.
   */
  force?: boolean;
  /** Plugins that a program gave the run as objects. */
  plugin?: PluginChoice<M> | readonly PluginChoice<M>[];
}

/**
 * Resumes a run from its newest intact checkpoint, bit for bit.
 *
 * @example
 * ```ts ignore
 * import { resumeRun } from "cambium/engine";
 *
 * using run = await resumeRun({ images: 4000 });
 * await run.train();
 * ```
 * @throws RunError, ConfigError where the run can't be resumed with these options
 */
export async function resumeRun<M extends Model = Model>(
  options: ResumeRunOptions<M> = {},
): Promise<TrainingRun<M>> {
  const { run, checkpoint, force = false, plugin, trust, ...rest } = options;
  const { request, machine, places, ...how } = partsOf(rest);
  const folder = await chooseRun(places, run, how.notices);
  if (!run) await tellOfGone(places.runs, folder, how.notices);
  const saved = await readSavedRun(folder, "resume");
  const loaded = named(plugin)
    ? await loadPlugins([plugin ?? []].flat(), { trust })
    : await loadSavedPlugins(saved.plugins, { from: configPath(folder), trust }, plugin);
  await expectRunFolder(folder);
  const prepared = await prepareRun({
    spec: resumedSpec(loaded, saved, request, force),
    loaded,
    machine,
    before: { ...saved, goesOn: true },
    ...how,
  });
  try {
    const { minutes } = request, budget = minutes === undefined ? undefined : { minutes };
    const session = await continueRun(prepared, folder, { force, budget, at: checkpoint });
    // its plugin built a model of type M
    return createTrainingRun(session, placesOf(places, folder)) as TrainingRun<M>;
  } catch (error) {
    prepared.dataset.close();
    throw error;
  }
}
