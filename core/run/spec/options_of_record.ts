/** Takes the options of a run's record for a new run that may have other plugins. */
import { type ConfigLayer, runSchema } from "../../config/mod.ts";
import { inOrder, type RunPlugins } from "../../plugin/mod.ts";
import { RunError } from "../run_error.ts";
import type { RunSpec } from "./run_spec.ts";

/** Options of a file, with the plugins that own them where it is a run's record. */
type Recorded = ConfigLayer & {
  run?: Partial<Pick<RunSpec, "plugins" | "options">>;
};

/**
 * The options without those of add-ons that the new run leaves out. All others are kept, so that a
 * mistyped one is still refused.
 * @throws RunError where the new model lacks options of the record's model
 */
export function optionsOfRecord(file: Recorded, loaded: RunPlugins): ConfigLayer["values"] {
  const { plugins = [], options = {} } = file.run ?? {};
  const chosen = inOrder(loaded).map(({ plugin }) => plugin);
  const known = new Set([runSchema, ...chosen.map(({ config }) => config)].flatMap(keysOf));
  const values = { ...file.values };
  for (const [i, { name }] of plugins.entries()) {
    if (chosen.some((plugin) => plugin.name === name)) continue;
    const idle = Object.keys(options[name] ?? {}).filter((key) => !known.has(key));
    if (i === 0 && idle.length > 0) {
      throw new RunError(
        `Cannot use ${file.from} with --plugin ${loaded.model.plugin.name}: expected the model ` +
          `${name}, whose they are, received one without "${idle[0]}"` +
          (idle.length > 1 ? ` and ${idle.length - 1} more of them` : "") +
          `. Leave --plugin out, or begin a run without them`,
      );
    }
    for (const key of idle) delete values[key];
  }
  return values;
}

const keysOf = ({ entries }: { entries: object }) => Object.keys(entries);
