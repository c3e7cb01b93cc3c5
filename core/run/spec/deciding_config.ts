/** The options of a run in one flat object, and those that affect training. */
import {
  type ConfigSchema,
  normalizedOverrides,
  resolveConfig,
  runSchema,
} from "../../config/mod.ts";
import type { LoadedPlugin } from "../../plugin/mod.ts";
import type { RunSpec } from "./run_spec.ts";

/** All options in one flat object, for the dashboard and for comparisons. */
export function flatConfig(spec: RunSpec): Record<string, unknown> {
  const { channels, ...data } = spec.data; // plugins may have an option of that name
  const options = Object.assign({}, ...Object.values(spec.options));
  return { ...spec.run, ...options, ...data, imageChannels: channels, ...spec.machine };
}

/** Options that may change between sessions without affecting training. */
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

/** Options that are free as well where no plugin uses the measurements. */
const FREE_UNLESS_USED = ["metricsEvery", "metricsImages", "metricsSplit"];

/** The options that affect training; they are compared with the checkpoint's on resume. */
export function decidingConfig(
  spec: RunSpec,
  plugins: readonly Pick<LoadedPlugin, "plugin">[],
): Record<string, unknown> {
  // the data's digest is compared, not its path
  const { source: _source, ...flat } = flatConfig(spec);
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
 * A checkpoint's options as this version would write them: with defaults of options that are newer
 * than the checkpoint, which was trained that way, and with a normalized schedule.
 * @param config the checkpoint's options
 */
export function withYoungerOptions(
  config: Record<string, unknown>,
  plugins: readonly LoadedPlugin[],
): Record<string, unknown> {
  const schemas: ConfigSchema[] = [runSchema, ...plugins.map(({ plugin }) => plugin.config)];
  const defaults = resolveConfig(schemas, []);
  const { sched } = config;
  const spelled = Array.isArray(sched) ? { sched: normalizedOverrides(sched.map(String)) } : {};
  return { ...deciding(Object.assign({}, ...defaults), plugins), ...config, ...spelled };
}
