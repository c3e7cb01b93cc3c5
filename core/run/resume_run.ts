/** Resumes a run from a program. */
import { continueRun } from "./continue_run.ts";
import { loadPlugins, loadSavedPlugins, type PluginChoice } from "./load_plugins.ts";
import { resumedSpec } from "./new_spec.ts";
import { chooseRun } from "./places.ts";
import { prepareRun } from "./prepare_run.ts";
import { readSavedRun } from "./saved_run.ts";
import { partsOf, type RunOptions } from "./start_run.ts";
import { createTrainingRun, type TrainingRun } from "./training_run.ts";

/** Which run goes on, and what changes about it. */
export interface ResumeRunOptions extends RunOptions {
  /** Its number, name or folder. Default: the newest. */
  run?: string;
  /** Accepts changes of data or options that change what is learned; the run is then not exact. */
  force?: boolean;
  /** Plugins that the run was given as objects by a program. */
  plugin?: PluginChoice | readonly PluginChoice[];
}

/**
 * Goes on with a run where its newest intact checkpoint stands, bit for bit.
 *
 * @example
 * ```ts ignore
 * import { resumeRun } from "cambium/engine";
 *
 * using run = await resumeRun({ images: 4000 });
 * await run.train();
 * ```
 * @throws RunError, ConfigError where the run can't go on as asked
 */
export async function resumeRun(options: ResumeRunOptions = {}): Promise<TrainingRun> {
  const { run, force = false, plugin, ...rest } = options;
  const { wish, machine, places, ...how } = partsOf(rest);
  const folder = await chooseRun(places, run);
  const saved = await readSavedRun(folder, "resume");
  const named = [plugin ?? []].flat().some((choice) => typeof choice === "string");
  const loaded = named
    ? await loadPlugins([plugin ?? []].flat())
    : await loadSavedPlugins(saved.plugins, plugin);
  const prepared = await prepareRun({
    spec: resumedSpec(loaded, saved, wish),
    loaded,
    machine,
    ...how,
  });
  try {
    return createTrainingRun(prepared, await continueRun(prepared, folder, force), places);
  } catch (error) {
    prepared.dataset.close();
    throw error;
  }
}
