/**
 * Merges defaults, preset, file and flags, of which later ones win, and checks the result as a
 * whole.
 */
import * as v from "valibot";
import { closest } from "../text.ts";
import { ConfigError, type ConfigLayer } from "./config_layer.ts";
import { refuseIdleFlags } from "./idle_flags.ts";
import { layerPlans } from "./layer_plans.ts";
import { withLossCompanions } from "./loss_companions.ts";
import type { Config, ConfigSchema } from "./schema.ts";
import { kebabCase } from "./schema.ts";

/**
 * Resolves one configuration over several schemas whose keys do not overlap.
 * @param owners owner of each schema, for errors, e.g. `plugin "ada"`
 * @returns one resolved object per schema, in order
 * @throws ConfigError naming the option, its source, and what was expected and received
 */
export function resolveConfig<const S extends readonly ConfigSchema[]>(
  schemas: S,
  layers: readonly ConfigLayer[],
  owners: readonly string[] = [],
): { [I in keyof S]: v.InferOutput<S[I]> } {
  const owner = new Map<string, number>();
  schemas.forEach((schema, i) => {
    for (const key of Object.keys(schema.entries)) {
      const other = owner.get(key);
      if (other !== undefined) {
        const both = owners.length > 0 ? `${owners[other]} and ${owners[i]}` : "two plugins";
        throw new ConfigError(
          `Cannot combine configurations: expected each option once, received "${key}" in ${both}`,
        );
      }
      owner.set(key, i);
    }
  });
  const values: Record<string, unknown>[] = schemas.map(() => ({}));
  const origin = new Map<string, string>();
  for (const layer of layerPlans(withLossCompanions(layers))) {
    for (const [key, value] of Object.entries(layer.values)) {
      if (value === undefined) continue;
      const i = owner.get(key);
      if (i === undefined) {
        const near = closest(key, [...owner.keys()]);
        throw new ConfigError(
          `Cannot use option "${key}" of ${layer.from}: expected an option of the run or its ` +
            `plugins` +
            (near ? `. Did you mean "${near}"?` : ""),
        );
      }
      values[i]![key] = value;
      origin.set(key, layer.from);
    }
  }
  const resolved = schemas.map((schema, i) =>
    resolveFields(
      schema,
      values[i]!,
      (key) => origin.get(key) ?? (owners[i] ? `the defaults of ${owners[i]}` : undefined),
    )
    // one output per schema
  ) as { [I in keyof S]: Config } as { [I in keyof S]: v.InferOutput<S[I]> };
  for (const layer of layers) refuseIdleFlags(layer, Object.assign({}, ...resolved));
  return resolved;
}

/**
 * Checks the values of one schema and adds its defaults.
 * @param originOf source of a value, for the error
 * @throws ConfigError naming the option, its source, and what was expected and received
 */
export function resolveFields<const S extends ConfigSchema>(
  schema: S,
  values: Readonly<Record<string, unknown>>,
  originOf: (key: string) => string | undefined,
): v.InferOutput<S> {
  const result = v.safeParse(schema, values);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = String(issue.path?.[0]?.key ?? "");
  // v.optional() stores it
  const { default: initial } = Object(schema.entries[key]) as { default?: unknown };
  throw new ConfigError(
    `Cannot use --${kebabCase(key)} of ${originOf(key) ?? "the defaults"}: ${issue.message}, ` +
      `received ${JSON.stringify(key in values ? values[key] : initial)}`,
  );
}
