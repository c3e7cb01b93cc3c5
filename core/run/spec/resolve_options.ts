/** Resolves the options of a run and its plugins from a preset, a file and flags. */
import {
  checkUsed,
  COMMAND_LINE,
  ConfigError,
  type ConfigLayer,
  type ConfigSchema,
  decayPeriods,
  firstBlockOf,
  planOf,
  resolveConfig,
  type RunConfig,
  runSchema,
} from "../../config/mod.ts";
import { inOrder, type RunPlugins } from "../../plugin/mod.ts";
import { messageOf } from "../../text.ts";
import { flatConfig } from "./deciding_config.ts";
import { RunError } from "../run_error.ts";
import type { RunSpec } from "./run_spec.ts";

/** Options as given, before they are resolved. */
export interface GivenOptions {
  /** The preset. Default: the model's default preset. */
  preset: string | undefined;
  file: ConfigLayer | undefined;
  /** Whether the preset overrides the file, instead of the file the preset. Default false. */
  presetLast?: boolean;
  /** From the command line or a program; they override all others. */
  flags: Record<string, unknown>;
}

/**
 * Resolves defaults, then the preset and the file, then the flags.
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
  if (given.file) layers[given.presetLast ? "unshift" : "push"](given.file);
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
  const owners = ["the run", ...plugins.map(({ plugin }) => `plugin "${plugin.name}"`)];
  const [run, ...rest] = resolveConfig(schemas, layers, owners);
  // typed entries must fit this run
  const { sched } = layers.find(({ from }) => from === COMMAND_LINE)?.values ?? {};
  checkPlan(run as unknown as RunConfig, Array.isArray(sched) ? sched.map(String) : []);
  // one per schema
  const options = Object.fromEntries(plugins.map(({ plugin }, i) => [plugin.name, rest[i]!]));
  return { run: run as unknown as RunConfig, options }; // the first schema is runSchema
}

/** Plans the run once to report errors before data and backend are opened. */
function checkPlan(run: RunConfig, own: readonly string[]): void {
  try {
    planOf(run, 1);
    firstBlockOf(run);
    decayPeriods(run.decayPeriods);
    checkUsed(own, run);
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}

/**
 * The unmodified options of a run's preset, for the dashboard to compare with.
 * @returns undefined where the plugin no longer has it, or it is not valid on its own
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
    return undefined; // nothing is compared; the run's own options were valid
  }
}
