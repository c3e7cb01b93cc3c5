/** Loads the plugins of a run: one model and any add-ons. */
import type { LoadedPlugin, Model, RunPlugins } from "../../plugin/mod.ts";
import { isPlugin, loadPlugin, OBJECT, type PluginSource } from "./load_plugin.ts";
import { RunError } from "../run_error.ts";

/** A plugin by its built-in name, path or URL, or as an object. */
export type PluginChoice<M extends Model = Model> = string | PluginObject<M>;

/** A plugin with any types of options, state and panels, as returned by `definePlugin`. */
export interface PluginObject<M extends Model = Model> {
  readonly name: string;
  /** Whether it makes the networks. */
  readonly kind: "model" | "add-on";
  /** Not typed further, since its hooks depend on its own types. */
  readonly hooks: object;
  readonly config: object;
  /** Builds the networks, for a model. */
  build?(context: never): M;
}

/**
 * Loads a plugin, with the specifier to find it again. For an object, that works only where a
 * program gives the object again.
 */
async function load(choice: PluginChoice, source: PluginSource): Promise<LoadedPlugin> {
  if (typeof choice === "string") return await loadPlugin(choice, source);
  if (isPlugin(choice)) return { plugin: choice, specifier: OBJECT + choice.name };
  throw new RunError("Cannot use a plugin: expected a name, a path or definePlugin({ … })");
}

/**
 * Loads the plugins of a saved run; those given as objects replace saved ones of the same name.
 * @param source the file that names them, and whether to run code that is not built in
 * @throws RunError where one can't be loaded or is not trusted
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
 * @param source where their specifiers come from, if not from the user
 * @throws RunError where not exactly one is a model, an add-on needs another kind of data, or one
 * is not trusted
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
