/** The options of a run in one flat object, and those of them that decide what it learns. */
import { type ConfigSchema, resolveConfig, runSchema, spelledOut } from "../../config/mod.ts";
import type { LoadedPlugin } from "../../plugin/mod.ts";
import type { RunSpec } from "./run_spec.ts";

/** All options in one flat object, for the dashboard and for comparing. */
export function flatConfig(spec: RunSpec): Record<string, unknown> {
  const { channels, ...data } = spec.data; // plugins have an option of that name too
  const options = Object.assign({}, ...Object.values(spec.options));
  return { ...spec.run, ...options, ...data, imageChannels: channels, ...spec.machine };
}

/** Options that may change between sessions without changing what is learned. */
const FREE = [
  "images",
  "stopAfter",
  "sampleEvery",
  "checkpointEvery",
  "keepCheckpoints",
  "keepSamples",
  "progress",
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
  return deciding(flat, plugins);
}

function deciding(
  options: Record<string, unknown>,
  plugins: readonly Pick<LoadedPlugin, "plugin">[],
): Record<string, unknown> {
  const isUsed = plugins.some(({ plugin }) => plugin.hooks.measured);
  const free = isUsed ? FREE : [...FREE, ...FREE_UNLESS_USED];
  return Object.fromEntries(Object.entries(options).filter(([key]) => !free.includes(key)));
}

/**
 * The deciding options of a checkpoint as they would be written today: with the defaults of options
 * that are younger than it, for it was made as they say, and with its schedule spelled out.
 * @param config of the checkpoint
 */
export function withYoungerOptions(
  config: Record<string, unknown>,
  plugins: readonly LoadedPlugin[],
): Record<string, unknown> {
  const schemas: ConfigSchema[] = [runSchema, ...plugins.map(({ plugin }) => plugin.config)];
  const defaults = resolveConfig(schemas, []);
  const { sched } = config;
  const spelled = Array.isArray(sched) ? { sched: spelledOut(sched.map(String)) } : {};
  return { ...deciding(Object.assign({}, ...defaults), plugins), ...config, ...spelled };
}
