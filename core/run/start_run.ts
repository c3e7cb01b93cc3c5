/** Starts a run from a program. */
import type { RunConfig } from "../config/mod.ts";
import type { Backend } from "../backend/types.ts";
import type { Model } from "../plugin/mod.ts";
import { channelsOf } from "./data/image_channels.ts";
import { expectRunsFolder } from "./session/expect_runs_folder.ts";
import { beginRun } from "./session/begin_run.ts";
import { loadPlugins, loadSavedPlugins, type PluginChoice } from "./plugins/load_plugins.ts";
import { isOpen, type MachineOptions } from "./machine.ts";
import { newSpec, type RunWish } from "./spec/new_spec.ts";
import { expectName } from "./folder/run_folder.ts";
import { keptNotices, type Notices } from "./notices.ts";
import type { RunPlaces } from "./places.ts";
import { planRun } from "./session/plan_run.ts";
import { prepareRun } from "./session/prepare_run.ts";
import type { DataSpec } from "./spec/run_spec.ts";
import { configPath } from "./spec/saved_run.ts";
import type { Trust } from "./plugins/trusted_plugins.ts";
import { openWeightSource, optionsOfSource, originOf } from "./weight_source.ts";
import { createTrainingRun, type TrainingRun } from "./session/training_run.ts";
import { defaultRuns } from "./typed_folder.ts";

/**
 * What a run is asked to be: options of the run itself by their names, as `deno task train --help`
 * describes them, and these.
 */
export interface RunOptions
  extends Partial<RunConfig>, Omit<MachineOptions, "backend">, Partial<RunPlaces> {
  /**
   * A folder, a .zip, `shards:TARS`, `npm:PACKAGE`, `emoji` or `emoji:SUBSET`. Default: the kind's
   * own set.
   */
  data?: string;
  /** How images become squares. Default "cover": the middle square. */
  fit?: DataSpec["fit"];
  /** Under transparent images, "#rrggbb". Default white. */
  background?: string;
  /** Trains on one channel. Default false. */
  grey?: boolean;
  /** Trains on the pictures' opacity, too: a fourth channel. Default false. */
  transparent?: boolean;
  /** Share of the data kept for previews and metrics. Default 0.05. */
  heldOut?: number;
  /** Folder of prepared data. Default: the user's cache. */
  cache?: string;
  /**
   * GiB on disk at most for pictures that were decoded out of shards. Default 0: each is decoded
   * when it is drawn.
   */
  shardCache?: number;
  /**
   * Plans the phases from measured speed so that the run ends, its rate annealed, after these
   * minutes.
   */
  minutes?: number;
  /** Options of the plugins by their names. */
  options?: Readonly<Record<string, unknown>>;
  /** What to compute on, selected or named. Default: the fastest that there is. */
  backend?: MachineOptions["backend"] | Backend;
  /** Told what happens. Default: warnings are kept in `run.notices.warnings`. */
  notices?: Partial<Notices>;
  /**
   * Whether plugins may run that a run's own folder names and that don't ship, or that come over
   * http:. A function is asked. Default: those that were trusted before.
   */
  trust?: Trust;
  /** Ends plugins that fetch what they need. */
  signal?: AbortSignal;
}

/** How a run begins. */
export interface StartRunOptions<M extends Model = Model> extends RunOptions {
  /** One model, and add-ons beside it. Default "stylegan". */
  plugin?: PluginChoice<M> | readonly PluginChoice<M>[];
  /** Named options of the model. Default: the model's default preset. */
  preset?: string;
  /** Name in the run's folder. Default: the data's. */
  name?: string;
  /**
   * RUN or RUN@CHECKPOINT whose weights it begins with, as far as they fit. That run's plugins,
   * options and data are then the defaults.
   */
  from?: string;
}

/** The model that is trained where none is named. */
export const DEFAULT_PLUGIN = "stylegan";

/**
 * Starts a run: makes its folder and builds its networks at the first resolution.
 *
 * @example
 * ```ts ignore
 * import { startRun } from "cambium/engine";
 *
 * using run = await startRun({ plugin: "stylegan", data: "emoji", images: 2000 });
 * await run.train();
 * await run.grid("grid.png");
 * ```
 * @throws RunError, ConfigError where the run can't be as it is asked to be
 */
export async function startRun<M extends Model = Model>(
  options: StartRunOptions<M> = {},
): Promise<TrainingRun<M>> {
  const { plugin, preset, name, from, trust, ...rest } = options;
  if (name !== undefined) expectName(name);
  const { wish, machine, places, ...how } = partsOf(rest);
  const source = from === undefined ? undefined : await openWeightSource(from, places, how.notices);
  const loaded = source && !named(plugin)
    ? await loadSavedPlugins(source.saved.plugins, { from: configPath(source.run), trust }, plugin)
    : await loadPlugins([plugin ?? DEFAULT_PLUGIN].flat(), { trust });
  const file = source && optionsOfSource(source);
  const spec = newSpec(loaded, wish, { preset: preset ?? file?.run?.preset ?? undefined, file });
  await expectRunsFolder(places.runs);
  const prepared = await prepareRun({
    spec: source ? { ...spec, from: originOf(source) } : spec,
    loaded,
    machine,
    ...(source ? { before: { ...source.saved, goesOn: false } } : {}),
    ...how,
  });
  const { minutes } = wish;
  try {
    const planned = minutes === undefined
      ? prepared
      : (await planRun(prepared, { minutes })).prepared;
    const session = await beginRun(planned, { runs: places.runs, name }, source);
    return createTrainingRun(session, places) as TrainingRun<M>; // its plugin built the model
  } catch (error) {
    prepared.dataset.close();
    throw error;
  }
}

/** Whether a plugin is named; given as objects, plugins stand in for a saved run's own. */
export function named(plugin: StartRunOptions["plugin"]): boolean {
  return [plugin ?? []].flat().some((choice) => typeof choice === "string");
}

/** Tells the options apart: of the run, its data, the machine, and where it is kept. */
export function partsOf(options: Omit<RunOptions, "trust">) {
  const {
    data,
    fit,
    background,
    grey,
    transparent,
    heldOut,
    cache,
    shardCache,
    minutes,
    options: ofPlugins,
    ...others
  } = options;
  const { backend, threads, tensorflow, device, download, ...beside } = others;
  const { runs = defaultRuns(), kv, notices, signal, ...ofRun } = beside;
  const wish: RunWish = {
    values: { ...ofRun, ...ofPlugins },
    data: given({
      source: data,
      fit,
      background,
      channels: channelsOf({ grey, transparent }),
      heldOut,
    }),
    minutes,
    machine: given({ backend: isOpen(backend) ? backend.info.name : backend, threads }),
  };
  const places: RunPlaces = { runs, ...(kv === undefined ? {} : { kv }) };
  return {
    wish,
    places,
    machine: given({ tensorflow, device, download }),
    cache,
    shardCache,
    notices: keptNotices(notices),
    ...(isOpen(backend) ? { backend } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** Without what was not given. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // they are T's
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
