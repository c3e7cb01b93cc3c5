/** The plugins of a run, its model and its add-ons, at each stage of loading. */
import type { Config } from "../config/mod.ts";
import type { Plugin } from "./plugin.ts";
import type { Context } from "./hooks.ts";

/** A plugin and the specifier that it was loaded by. */
export interface LoadedPlugin {
  /** As stored in `config.json`: the name of a built-in plugin, or a URL. */
  readonly specifier: string;
  readonly plugin: Plugin;
  /** SHA-256 (hex) of its code, where known; absent for built-in plugins. */
  readonly code?: string | undefined;
}

/** A loaded plugin with its resolved options. */
export interface ConfiguredPlugin extends LoadedPlugin {
  readonly config: Config;
}

/** A configured plugin in a training. */
export interface TrainedPlugin extends ConfiguredPlugin {
  /** What its hooks get; `state` is the plugin's own. */
  readonly context: Context;
}

/** One model and its add-ons. */
export interface RunPlugins<P = LoadedPlugin> {
  /** The plugin that makes the networks. */
  readonly model: P;
  /** In the order of `--plugin`. */
  readonly addOns: readonly P[];
}

/**
 * The plugins in the order in which hooks are called and `config.json` lists them: the model, then
 * the add-ons.
 */
export function inOrder<P>({ model, addOns }: RunPlugins<P>): P[] {
  return [model, ...addOns];
}

/** Applies `change` to each plugin. */
export function mapPlugins<P, Q>(
  { model, addOns }: RunPlugins<P>,
  change: (plugin: P) => Q,
): RunPlugins<Q> {
  return { model: change(model), addOns: addOns.map(change) };
}
