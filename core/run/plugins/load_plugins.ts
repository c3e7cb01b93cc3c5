/** From what a run is given to its plugins: one model, and add-ons beside it. */
import type { LoadedPlugin, Model, RunPlugins } from "../../plugin/mod.ts";
import { isPlugin, loadPlugin, OBJECT, type PluginSource } from "./load_plugin.ts";
import { RunError } from "../run_error.ts";

/** A plugin by its shipped name, a path or a URL; or itself. */
export type PluginChoice<M extends Model = Model> = string | PluginObject<M>;

/** A plugin of any options, state and panels, as `definePlugin` returns it. */
export interface PluginObject<M extends Model = Model> {
  readonly name: string;
  /** Whether it makes the networks. */
  readonly kind: "model" | "add-on";
  /** Its hooks take its own options only. */
  readonly hooks: object;
  readonly config: object;
  /** Makes the networks, where it is a model. */
  build?(context: never): M;
}

/**
 * A plugin with the word that finds it again; that of an object finds it only where a program gives
 * it.
 */
async function load(choice: PluginChoice, source: PluginSource): Promise<LoadedPlugin> {
  if (typeof choice === "string") return await loadPlugin(choice, source);
  if (isPlugin(choice)) return { plugin: choice, specifier: OBJECT + choice.name };
  throw new RunError("Cannot use a plugin: expected a name, a path or definePlugin({ … })");
}

/**
 * Loads the plugins of a saved run; those that a program gives as objects are found by their names.
 * @param source the file that names them, and whether code that doesn't ship may run
 * @throws RunError where one can't be had or is not trusted
 */
export function loadSavedPlugins(
  saved: readonly { name: string; specifier: string }[],
  source: PluginSource & { from: string },
  choices: PluginChoice | readonly PluginChoice[] = [],
): Promise<RunPlugins> {
  const objects = [choices].flat().filter((choice) => typeof choice === "object");
  return loadPlugins(
    saved.map(({ name, specifier }) => objects.find((object) => object.name === name) ?? specifier),
    source,
  );
}

/**
 * Loads the plugins of a run.
 * @param source who names them, where that is not the user
 * @throws RunError unless exactly one is a model and all take its data, or where one is not trusted
 */
export async function loadPlugins(
  choices: readonly PluginChoice[],
  source: PluginSource = {},
): Promise<RunPlugins> {
  const loaded: LoadedPlugin[] = [];
  for (const choice of choices) loaded.push(await load(choice, source));
  const models = loaded.filter(({ plugin }) => plugin.kind === "model");
  const [model] = models;
  if (!model || models.length > 1) {
    throw new RunError(
      `Cannot train: expected exactly one --plugin that is a model, received ` +
        (models.map(({ plugin }) => plugin.name).join(" and ") ||
          "none. Name the model, too, e.g. --plugin stylegan"),
    );
  }
  const names = loaded.map(({ plugin }) => plugin.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice) {
    const from = loaded.filter(({ plugin }) => plugin.name === twice).map((p) => p.specifier);
    throw new RunError(
      `Cannot train: expected each --plugin once, received "${twice}" twice` +
        (new Set(from).size > 1
          ? `: ${from.join(" and ")}. Give one of the plugins another name, or leave it out`
          : ". Leave one out"),
    );
  }
  const addOns = loaded.filter((p) => p !== model);
  const { name, data: kind = "images" } = model.plugin;
  const other = addOns.find(({ plugin: { data } }) => data !== undefined && data !== kind)?.plugin;
  if (other) {
    throw new RunError(
      `Cannot train: expected add-ons that learn from ${kind} as "${name}" does, received ` +
        `"${other.name}", which declares data: "${other.data}"`,
    );
  }
  return { model, addOns };
}
