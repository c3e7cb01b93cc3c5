import type { ConfigSchema } from "../config/mod.ts";
import type { DataKind } from "../data.ts";
import { wrongPlugin } from "./check_plugin.ts";
import type { Panels } from "./panels.ts";
import type { Plugin } from "./plugin.ts";
import type { PluginState } from "./hooks.ts";
import type { Model } from "./model.ts";

/**
 * Declares a plugin. The types of `context.config`, `context.state` and `context.model` in its
 * hooks are inferred from it.
 *
 * @example An add-on that charts the mean brightness of the generated samples
 * ```ts
 * import { definePlugin, object } from "cambium";
 *
 * export default definePlugin({
 *   name: "brightness",
 *   description: "Charts the mean brightness of each sample grid",
 *   kind: "add-on",
 *   config: object({}),
 *   hooks: {
 *     sampled(context, images) {
 *       context.chart("brightness", images.data.reduce((a, b) => a + b, 0) / images.data.length);
 *     },
 *   },
 * });
 * ```
 * @throws TypeError where a name, hook or panel is invalid, or a hook that models need is missing
 */
export function definePlugin<
  const S extends ConfigSchema,
  State extends PluginState = PluginState,
  const P extends Panels = Record<never, never>,
  M extends Model = Model,
  const K extends Plugin["kind"] = Plugin["kind"],
  const D extends DataKind = K extends "model" ? "images" : DataKind,
>(plugin: Plugin<S, State, P, M, D> & { kind: K }): Plugin<S, State, P, M, D> {
  const wrong = wrongPlugin(plugin as Plugin); // the checks don't depend on the hooks' types
  if (wrong) throw new TypeError(`Cannot define plugin "${plugin.name}": ${wrong}`);
  return plugin;
}
