/** What a run is made of, as `config.json` in its folder keeps it. */
import type { BackendName } from "../backend/mod.ts";
import {
  checkUsed,
  COMMAND_LINE,
  type Config,
  ConfigError,
  type ConfigLayer,
  type ConfigSchema,
  planOf,
  resolveConfig,
  type RunConfig,
  runSchema,
  spelledOut,
} from "../config/mod.ts";
import type { DatasetInfo } from "../data.ts";
import { inOrder, type LoadedPlugin, type RunPlugins } from "../plugin/mod.ts";
import { messageOf } from "../text.ts";
import { RunError } from "./run_error.ts";

/** Where the images come from and how they become squares. */
export interface DataSpec {
  source?: string; // absent: the plugin's default
  fit: "cover" | "contain" | "stretch";
  background: string;
  channels: 1 | 3;
  heldOut: number;
}

/** The machine's part. */
export interface MachineSpec {
  backend: BackendName | "auto";
  threads: number; // 0: all processors
}

/** A resolved run. */
export interface RunSpec {
  version: string;
  plugins: { name: string; specifier: string }[];
  preset: string | null;
  run: RunConfig;
  /** Options of each plugin by its name. */
  options: Record<string, Config>;
  data: DataSpec;
  machine: MachineSpec;
}

/** What `config.json` holds: the run, and facts of its data that building its networks again needs. */
export interface SavedRun extends RunSpec {
  dataset: Omit<DatasetInfo, "skipped">;
}

/** The model of a run as it is saved: `config.json` lists it before the add-ons. */
export function modelOf({ plugins }: Pick<RunSpec, "plugins">): RunSpec["plugins"][number] {
  return plugins[0]!; // readSavedRun() asserts it, trainSpec() lists it
}

/** What to write into `config.json`. */
export function savedRun(spec: RunSpec, info: DatasetInfo): SavedRun & Record<string, unknown> {
  const { skipped: _skipped, ...dataset } = info; // may be long; the data's cache lists them
  return { ...spec, dataset };
}

/** Options given by a person, before they are resolved. */
export interface GivenOptions {
  preset: string | undefined;
  file: ConfigLayer | undefined;
  flags: Record<string, unknown>;
}

/**
 * Defaults, then the preset, then the file, then the flags.
 * @throws RunError for an unknown preset, ConfigError for a wrong option
 */
export function resolveOptions(
  loaded: RunPlugins,
  given: GivenOptions,
): Pick<RunSpec, "preset" | "run" | "options"> {
  const model = loaded.model.plugin;
  const name = given.preset ?? model.defaultPreset;
  const preset = name === undefined ? undefined : model.presets?.[name];
  if (name !== undefined && !preset) {
    const known = Object.entries(model.presets ?? {}).map(([n, p]) => `${n} (${p.description})`);
    throw new RunError(
      `Cannot use --preset ${name}: expected one of ${
        known.join("; ") || "none"
      } of plugin "${model.name}"`,
    );
  }
  const layers: ConfigLayer[] = [];
  if (preset) layers.push({ from: `preset ${name}`, values: preset.values });
  if (given.file) layers.push(given.file);
  layers.push({ from: COMMAND_LINE, values: given.flags });
  return { preset: name ?? null, ...resolveAll(loaded, layers) };
}

/** Resolves the run's and every plugin's options from layers. */
export function resolveAll(
  loaded: RunPlugins,
  layers: readonly ConfigLayer[],
): Pick<RunSpec, "run" | "options"> {
  const plugins = inOrder(loaded);
  const schemas: ConfigSchema[] = [runSchema, ...plugins.map(({ plugin }) => plugin.config)];
  const [run, ...rest] = resolveConfig(schemas, layers);
  const { sched } = layers.find(({ from }) => from === COMMAND_LINE)?.values ?? {}; // its entries mean this run
  checkPlan(run as unknown as RunConfig, Array.isArray(sched) ? sched.map(String) : []);
  const options = Object.fromEntries(plugins.map(({ plugin }, i) => [plugin.name, rest[i]!])); // one a schema
  return { run: run as unknown as RunConfig, options }; // the first schema is runSchema
}

/** Plans once for the errors, before data and backend are opened. */
function checkPlan(run: RunConfig, own: readonly string[]): void {
  try {
    planOf(run, 1);
    checkUsed(own, run);
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}

/** All options in one flat object, for the dashboard and for comparing. */
export function flatConfig(spec: RunSpec): Record<string, unknown> {
  const { channels, ...data } = spec.data; // plugins have an option of that name too
  const options = Object.assign({}, ...Object.values(spec.options));
  return { ...spec.run, ...options, ...data, imageChannels: channels, ...spec.machine };
}

/**
 * The preset of a run without what was changed about it, for the dashboard to compare.
 * @returns undefined where the plugin no longer has it, or it can't stand alone
 */
export function presetOf(
  spec: RunSpec,
  loaded: RunPlugins,
): { name: string; config: Record<string, unknown> } | undefined {
  const preset = spec.preset ?? undefined;
  try {
    const plain = resolveOptions(loaded, { preset, file: undefined, flags: {} });
    return { name: preset ?? "defaults", config: flatConfig({ ...spec, ...plain }) };
  } catch {
    return undefined; // nothing is compared; the run itself was resolved
  }
}

/** Options that may change between sessions without changing what is learned. */
const FREE = [
  "images",
  "minutes",
  "sampleEvery",
  "checkpointEvery",
  "keepCheckpoints",
  "backend",
  "threads",
];

/** Options that are free, too, where no plugin goes by what is measured. */
const FREE_UNLESS_USED = ["metricsEvery", "metricsImages", "metricsSplit"];

/** The options that decide the result: a checkpoint compares them on resume. */
export function decidingConfig(
  spec: RunSpec,
  plugins: readonly Pick<LoadedPlugin, "plugin">[],
): Record<string, unknown> {
  const { source: _source, ...flat } = flatConfig(spec); // the data's digest counts, not its path
  const used = plugins.some(({ plugin }) => plugin.hooks.measured);
  const free = used ? FREE : [...FREE, ...FREE_UNLESS_USED];
  return Object.fromEntries(Object.entries(flat).filter(([key]) => !free.includes(key)));
}

/**
 * The deciding options of a checkpoint as they would be written today: with the defaults of plugins' options that are
 * younger than it, for it was made as they say, and with its schedule spelled out.
 * @param config of the checkpoint
 */
export function withYoungerOptions(
  config: Record<string, unknown>,
  plugins: readonly LoadedPlugin[],
): Record<string, unknown> {
  const defaults = resolveConfig(plugins.map(({ plugin }) => plugin.config), []);
  const { sched } = config;
  const spelled = Array.isArray(sched) ? { sched: spelledOut(sched.map(String)) } : {};
  return Object.assign({}, ...defaults, config, spelled);
}
