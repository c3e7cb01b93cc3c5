/** Starts a run from a program. */
import type { RunConfig } from "../config/mod.ts";
import type { Backend } from "../backend/types.ts";
import type { Model } from "../plugin/mod.ts";
import { channelsOf } from "./data/image_channels.ts";
import { expectRunsFolder } from "./session/expect_runs_folder.ts";
import { beginRun } from "./session/begin_run.ts";
import { loadPlugins, loadSavedPlugins, type PluginChoice } from "./plugins/load_plugins.ts";
import { isOpen, type MachineOptions } from "./machine.ts";
import { newSpec, type RunRequest } from "./spec/new_spec.ts";
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

/** Options of a run: those of `deno task train --help` by their camelCase names, and these. */
export interface RunOptions
  extends Partial<RunConfig>, Omit<MachineOptions, "backend">, Partial<RunPlaces> {
  /**
   * A folder, a .zip, `shards:TARS`, `npm:PACKAGE`, `emoji` or `emoji:SUBSET`. Default: the default
   * data set for the model's kind of data.
   */
  data?: string;
  /** How images are made square. Default "cover": center crop. */
  fit?: DataSpec["fit"];
  /** Background of transparent images, "#rrggbb". Default white. */
  background?: string;
  /** Train on grey images. Default false. */
  grey?: boolean;
  /** Train on the pictures' opacity as a fourth channel. Default false. */
  transparent?: boolean;
  /** Fraction of the data held out for previews and metrics. Default 0.05. */
  heldOut?: number;
  /** Folder of prepared data. Default: the user's cache. */
  cache?: string;
  /**
   * Size limit of the disk cache of pictures decoded from shards, GiB. Default 0: pictures are
   * decoded each time.
   */
  shardCache?: number;
  /**
   * Plans the phases from the measured speed so that the run ends after this time, with its
   * learning rate fully decayed, minutes.
   */
  minutes?: number;
  /** Options of the plugins by name. */
  options?: Readonly<Record<string, unknown>>;
  /** The backend, by name or already open. Default: the fastest available. */
  backend?: MachineOptions["backend"] | Backend;
  /** Receives messages. Default: warnings are kept in `run.notices.warnings`. */
  notices?: Partial<Notices>;
  /**
   * Whether to run plugins that aren't built in and are named in a run's folder, or come over
   * http:. A function decides for each. Default: only those trusted before.
   */
  trust?: Trust;
  /** Aborts plugins' preparations. */
  signal?: AbortSignal;
}

/** Options of {@linkcode startRun}. */
export interface StartRunOptions<M extends Model = Model> extends RunOptions {
  /** One model and any add-ons. Default "stylegan". */
  plugin?: PluginChoice<M> | readonly PluginChoice<M>[];
  /** Preset of the model. Default: its default preset. */
  preset?: string;
  /** Name, as part of the run's folder name. Default: that of the data. */
  name?: string;
  /**
   * RUN or RUN@CHECKPOINT from which to initialize the weights, where they fit. That run's plugins,
   * options and data are then the defaults.
   */
  from?: string;
}

/** The model that is trained by default. */
export const DEFAULT_PLUGIN = "stylegan";

/**
 * Starts a run: creates its folder and builds its networks at the first resolution.
 *
 * @example
 * ```ts ignore
 * import { startRun } from "cambium/engine";
 *
 * using run = await startRun({ plugin: "stylegan", data: "emoji", images: 2000 });
 * await run.train();
 * await run.grid("grid.png");
 * ```
 * @throws RunError, ConfigError where the options don't allow it
 */
export async function startRun<M extends Model = Model>(
  options: StartRunOptions<M> = {},
): Promise<TrainingRun<M>> {
  const { plugin, preset, name, from, trust, ...rest } = options;
  if (name !== undefined) expectName(name);
  const { request, machine, places, ...how } = partsOf(rest);
  const source = from === undefined ? undefined : await openWeightSource(from, places, how.notices);
  const loaded = source && !named(plugin)
    ? await loadSavedPlugins(source.saved.plugins, { from: configPath(source.run), trust }, plugin)
    : await loadPlugins([plugin ?? DEFAULT_PLUGIN].flat(), { trust });
  const file = source && optionsOfSource(source);
  const spec = newSpec(loaded, request, { preset: preset ?? file?.run?.preset ?? undefined, file });
  await expectRunsFolder(places.runs);
  const prepared = await prepareRun({
    spec: source ? { ...spec, from: originOf(source) } : spec,
    loaded,
    machine,
    ...(source ? { before: { ...source.saved, goesOn: false } } : {}),
    ...how,
  });
  const { minutes } = request;
  try {
    const planned = minutes === undefined
      ? prepared
      : (await planRun(prepared, { minutes })).prepared;
    const session = await beginRun(planned, { runs: places.runs, name }, source);
    // its plugin built a model of type M
    return createTrainingRun(session, places) as TrainingRun<M>;
  } catch (error) {
    prepared.dataset.close();
    throw error;
  }
}

/** Whether any plugin is given by name; plugins given as objects replace those of a saved run. */
export function named(plugin: StartRunOptions["plugin"]): boolean {
  return [plugin ?? []].flat().some((choice) => typeof choice === "string");
}

/** Splits the options into those of the run and its data, the machine, and the places. */
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
  const request: RunRequest = {
    values: { ...ofRun, ...ofPlugins },
    data: definedOnly({
      source: data,
      fit,
      background,
      channels: channelsOf({ grey, transparent }),
      heldOut,
    }),
    minutes,
    machine: definedOnly({ backend: isOpen(backend) ? backend.info.name : backend, threads }),
  };
  const places: RunPlaces = { runs, ...(kv === undefined ? {} : { kv }) };
  return {
    request,
    places,
    machine: definedOnly({ tensorflow, device, download }),
    cache,
    shardCache,
    notices: keptNotices(notices),
    ...(isOpen(backend) ? { backend } : {}),
    ...(signal ? { signal } : {}),
  };
}

/** Removes undefined values. */
function definedOnly<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  // the entries are T's
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
