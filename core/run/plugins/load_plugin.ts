/** From what `--plugin` was given to a plugin: a shipped name, a path, or an npm:, jsr: or https: specifier. */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as cambium from "../../mod.ts";
import { definePlugin, HOOK_KINDS, type LoadedPlugin, type Plugin } from "../../plugin/mod.ts";
import { closest, messageOf } from "../../text.ts";
import { PLUGINS } from "../../../plugins/registry.ts";
import { RunError } from "../run_error.ts";

/** Specifiers of plugins that a program gave as objects begin so; its name follows. */
export const OBJECT = "object:";

/**
 * @param specifier as typed; a path is relative to the working folder
 * @throws RunError where there is no such plugin, or the module's default export is none
 */
export async function loadPlugin(specifier: string): Promise<LoadedPlugin> {
  if (specifier.startsWith(OBJECT)) {
    throw new RunError(
      `Cannot load plugin "${
        specifier.slice(OBJECT.length)
      }": expected a name or a path, but a program gave it as an ` +
        `object. Give it again: openRun({ plugin }) or resumeRun({ plugin })`,
    );
  }
  const shipped = PLUGINS[specifier];
  if (shipped) return { plugin: (await shipped()).default, specifier };
  const isUrl = /^(npm|jsr|https?|file):/.test(specifier);
  if (!isUrl && !/[./\\]/.test(specifier)) {
    const near = closest(specifier, Object.keys(PLUGINS));
    throw new RunError(
      `Cannot find plugin "${specifier}": expected one of ${
        Object.keys(PLUGINS).join(", ")
      }, or a path ` +
        `such as ./my-gan/mod.ts` + (near ? `. Did you mean "${near}"?` : ""),
    );
  }
  const url = isUrl ? specifier : pathToFileURL(resolve(specifier)).href;
  let exported: unknown;
  try {
    exported = (await import(url) as { default?: unknown }).default;
  } catch (error) {
    throw new RunError(`Cannot load plugin "${specifier}": ${messageOf(error)}`, {
      cause: error,
    });
  }
  const plugin = typeof exported === "function" ? given(specifier, exported) : exported;
  if (!hasParts(plugin)) {
    const received = plugin === undefined || plugin === null ? "none" : typeof plugin;
    throw noPlugin(
      specifier,
      typeof exported === "function" ? `one that returns ${received}` : received,
    );
  }
  try {
    definePlugin(plugin as Parameters<typeof definePlugin>[0]); // a plain object is checked as well
  } catch (cause) {
    throw new RunError(`Cannot load plugin "${specifier}": ${messageOf(cause)}`, { cause });
  }
  return { plugin, specifier: isUrl ? specifier : url };
}

/** What a function makes of the API: a package can't import "cambium", so it is given it. */
function given(specifier: string, make: object): unknown {
  try {
    return (make as (api: typeof cambium) => unknown)(cambium); // typeof says "function"
  } catch (cause) {
    throw noPlugin(
      specifier,
      `one that fails when it is given Cambium: ${messageOf(cause)}`,
      cause,
    );
  }
}

function noPlugin(specifier: string, received: string, cause?: unknown): RunError {
  return new RunError(
    `Cannot use plugin "${specifier}": expected its default export to be definePlugin({ … }) or a function that ` +
      `is given Cambium and returns it, received ${received}`,
    { cause },
  );
}

/** Whether a value is as `definePlugin` returns it. */
export function isPlugin(value: unknown): value is Plugin {
  return hasParts(value) && Object.keys(value.hooks).every((hook) => hook in HOOK_KINDS);
}

/** Whether a value has what every plugin has; what is in it may still be wrong. */
function hasParts(value: unknown): value is Plugin {
  if (typeof value !== "object" || value === null) return false;
  const { name, hooks, config } = value as Partial<Plugin>; // each is looked at before use
  return typeof name === "string" && typeof config === "object" && typeof hooks === "object" &&
    hooks !== null;
}
