/** The plugins of a run: its model and the add-ons beside it, with what is known of each so far. */
import type { Config } from "../config/mod.ts";
import type { Plugin } from "./plugin.ts";
import type { Context } from "./hooks.ts";

/** A plugin and the word that found it. */
export interface LoadedPlugin {
  /** As `config.json` keeps it: a shipped name or a URL. */
  readonly specifier: string;
  /** As it was defined. */
  readonly plugin: Plugin;
  /** SHA-256 (hex) of its code where it is no shipped one, and known. */
  readonly code?: string | undefined;
}

/** A loaded plugin and what the run sets of it. */
export interface ConfiguredPlugin extends LoadedPlugin {
  readonly config: Config;
}

/** A configured plugin in a training. */
export interface TrainedPlugin extends ConfiguredPlugin {
  /** What its hooks are given; its `state` is the plugin's own. */
  readonly context: Context;
}

/** One model and the add-ons that join it. */
export interface RunPlugins<P = LoadedPlugin> {
  /** The plugin that makes the networks. */
  readonly model: P;
  /** In the order of `--plugin`. */
  readonly addOns: readonly P[];
}

/**
 * The order in which hooks are called and `config.json` lists plugins: the model, then the add-ons.
 */
export function inOrder<P>({ model, addOns }: RunPlugins<P>): P[] {
  return [model, ...addOns];
}

/** Says more of each plugin. */
export function mapPlugins<P, Q>(
  { model, addOns }: RunPlugins<P>,
  change: (plugin: P) => Q,
): RunPlugins<Q> {
  return { model: change(model), addOns: addOns.map(change) };
}
