/** `definePlugin`: infers a plugin's types, checks what types can't. */
import type { ConfigSchema } from "../config/mod.ts";
import type { DataKind } from "../data.ts";
import { closest } from "../text.ts";
import { HOOK_KINDS } from "./hook_kinds.ts";
import { PANEL_LIMITS, wrongPanel } from "./check_panel.ts";
import type { Panels } from "./panels.ts";
import type { Plugin } from "./plugin.ts";
import type { PluginState } from "./hooks.ts";
import type { Model } from "./model.ts";

/** What is said of a plugin that was written when `build` was one of the hooks. */
export const BUILD_MOVED =
  "expected build(context) beside hooks, received it among them. Move it out: " +
  "definePlugin({ …, build(context) { … }, hooks: { … } }); hooks then know the type of " +
  "context.model";

/**
 * Declares a plugin; the hooks' `context.config`, `context.state` and `context.model` get their
 * types from it.
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
 * @throws TypeError where a name, a hook, a panel or a model's needed hook is wrong
 */
export function definePlugin<
  const S extends ConfigSchema,
  State extends PluginState = PluginState,
  const P extends Panels = Record<never, never>,
  M extends Model = Model,
  const K extends Plugin["kind"] = Plugin["kind"],
  const D extends DataKind = K extends "model" ? "images" : DataKind,
>(plugin: Plugin<S, State, P, M, D> & { kind: K }): Plugin<S, State, P, M, D> {
  const wrong = (what: string) => new TypeError(`Cannot define plugin "${plugin.name}": ${what}`);
  if (!/^[a-z][a-z0-9-]*$/.test(plugin.name)) {
    throw wrong("expected a name of a-z, 0-9 and -, starting with a letter");
  }
  const { kind } = plugin; // each may be anything where the plugin is JavaScript
  if (kind !== "model" && kind !== "add-on") {
    throw wrong(`expected a kind of "model" or "add-on", received ${JSON.stringify(kind)}`);
  }
  const { entries } = Object(plugin.config) as Partial<ConfigSchema>;
  if (typeof entries !== "object") {
    throw wrong('expected config to be object({ … }) of fields, e.g. field.integer("…", 8)');
  }
  const odd = Object.keys(entries).find((key) => !/^[a-z][a-zA-Z0-9]*$/.test(key));
  if (odd !== undefined) {
    throw wrong(`expected options named in a-z, A-Z, 0-9, as in "fadeImages", received "${odd}"`);
  }
  for (const name of ["state", "prepare", "build", "measure"] as const) {
    if (plugin[name] === undefined || typeof plugin[name] === "function") continue;
    throw wrong(`expected ${name} to be a function, received ${typeof plugin[name]}`);
  }
  if (typeof plugin.hooks !== "object" || plugin.hooks === null) {
    throw wrong(`expected hooks: { … }, received ${plugin.hooks}`);
  }
  if ("build" in plugin.hooks) throw wrong(BUILD_MOVED);
  for (const [hook, run] of Object.entries(plugin.hooks)) {
    if (hook in HOOK_KINDS) {
      if (run === undefined || typeof run === "function") continue;
      throw wrong(`expected hook "${hook}" to be a function, received ${typeof run}`);
    }
    const near = closest(hook, Object.keys(HOOK_KINDS));
    throw wrong(
      `expected hooks among ${Object.keys(HOOK_KINDS).join(", ")}, received "${hook}"` +
        (near ? `. Did you mean "${near}"?` : ""),
    );
  }
  if (plugin.kind === "model") {
    if (!plugin.build) throw wrong("expected a model to have build(context), beside its hooks");
    for (const hook of ["grow", "losses"] as const) {
      if (!plugin.hooks[hook]) throw wrong(`expected a model to have the hook "${hook}"`);
    }
  }
  for (const { name, options } of plugin.commands ?? []) {
    if (!Array.isArray(options)) continue;
    throw wrong(
      `expected the options of command "${name}" to be object({ … }) of fields, received a list. ` +
        'Write { flags: "--count <n>", … } as count: field.integer("…", 8)',
    );
  }
  for (const name of plugin.defaultPreset ? [plugin.defaultPreset] : []) {
    if (!plugin.presets?.[name]) {
      throw wrong(`expected its default preset "${name}" among its presets`);
    }
  }
  const panels = Object.entries(plugin.panels ?? {});
  if (panels.length > PANEL_LIMITS.panels) {
    throw wrong(`expected at most ${PANEL_LIMITS.panels} panels, received ${panels.length}`);
  }
  for (const [name, panel] of panels) {
    const reason = wrongPanel(name, panel);
    if (reason) throw wrong(reason);
  }
  return plugin;
}
