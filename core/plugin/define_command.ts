import type { ConfigSchema } from "../config/mod.ts";
import type { PluginCommand } from "./plugin.ts";
import type { Model } from "./model.ts";

/**
 * Declares a command of a plugin. The type of `context.options` in its `run` is inferred from
 * `options`.
 *
 * @example
 * ```ts
 * import { defineCommand, field, object } from "cambium";
 *
 * export const greet = defineCommand({
 *   name: "greet",
 *   description: "Greets each name",
 *   arguments: "<names...>",
 *   needsRun: false,
 *   options: object({
 *     // --times 2k is understood, --times 0 is refused
 *     times: field.integer("How often", 1, { minimum: 1 }),
 *   }),
 *   run({ args, options, print }) {
 *     for (let i = 0; i < options.times; i++) print(`Hello, ${args.join(" and ")}`);
 *     return Promise.resolve();
 *   },
 * });
 * ```
 */
export function defineCommand<const S extends ConfigSchema, M extends Model = Model>(
  command: PluginCommand<S, M>,
): PluginCommand<S, M> {
  return command;
}
