/**
 * Loads the plugin that `--plugin` names: a built-in name, a path, or an npm:, jsr: or https:
 * specifier.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as cambium from "../../mod.ts";
import { definePlugin, HOOK_KINDS, type LoadedPlugin, type Plugin } from "../../plugin/mod.ts";
import { closest, messageOf } from "../../text.ts";
import { PLUGINS } from "../../../plugins/registry.ts";
import { RunError } from "../run_error.ts";
import { pluginDigest } from "./plugin_digest.ts";
import { expectTrusted, rememberTyped, type Trust } from "./trusted_plugins.ts";

/** Prefix of the specifiers of plugins that a program gave as objects; the name follows. */
export const OBJECT = "object:";

/** Where a plugin's specifier comes from, if not from the user. */
export interface PluginSource {
  /** The file that names it, e.g. a run's config.json. Absent: the user, who thereby trusts it. */
  from?: string | undefined;
  /** Whether to run code that a file names. Default: only what was trusted before. */
  trust?: Trust | undefined;
}

/**
 * Loads a plugin. Code that a file names, or that comes over http:, must be trusted, unless it is
 * built in.
 * @param specifier as typed. A path is relative to the working folder; `#sha256=` after a URL gives
 * the expected digest
 * @throws RunError where there is no such plugin, its code is not trusted, or its default export is
 * not a plugin
 */
export async function loadPlugin(
  specifier: string,
  { from, trust = false }: PluginSource = {},
): Promise<LoadedPlugin> {
  if (specifier.startsWith(OBJECT)) {
    throw new RunError(
      `Cannot load plugin "${
        specifier.slice(OBJECT.length)
      }": expected a name or a path, but a program gave it as an ` +
        `object. Give it again: openRun({ plugin }) or resumeRun({ plugin })`,
    );
  }
  const shipped = Object.hasOwn(PLUGINS, specifier) ? PLUGINS[specifier] : undefined;
  if (shipped) return { plugin: (await shipped()).default, specifier };
  const isUrl = /^(npm|jsr|https?|file):/i.test(specifier);
  if (!isUrl && !/[./\\]/.test(specifier)) {
    const near = closest(specifier, Object.keys(PLUGINS));
    throw new RunError(
      `Cannot find plugin "${specifier}": expected one of ${
        Object.keys(PLUGINS).join(", ")
      }, or a path ` +
        `such as ./my-gan/mod.ts` + (near ? `. Did you mean "${near}"?` : ""),
    );
  }
  if (!isUrl) await expectFile(specifier);
  else if (from !== undefined) await expectUnmoved(specifier, from);
  const [name, wanted] = withoutDigest(specifier, isUrl);
  const url = isUrl ? name : pathToFileURL(resolve(name)).href;
  const code = await expectWanted({ url, wanted, from, trust });
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
    const received = wordOf(plugin);
    throw notAPlugin(
      specifier,
      typeof exported === "function" ? `one that returns ${received}` : received,
    );
  }
  try {
    definePlugin(plugin as Parameters<typeof definePlugin>[0]); // also checks plain objects
  } catch (cause) {
    throw new RunError(`Cannot load plugin "${specifier}": ${messageOf(cause)}`, { cause });
  }
  return { plugin, specifier: url, code };
}

/** @throws RunError where a path is not that of a file */
async function expectFile(path: string): Promise<void> {
  const { isDirectory } = await Deno.stat(path).catch((error: unknown) => {
    const why = error instanceof Deno.errors.NotFound
      ? `expected a file, received none at ${resolve(path)}`
      : messageOf(error);
    throw new RunError(`Cannot load plugin "${path}": ${why}`, { cause: error });
  });
  if (!isDirectory) return;
  throw new RunError(
    `Cannot load plugin "${path}": expected a file, received a folder. Name the file in it, e.g. ` +
      `${path.replace(/[/\\]+$/, "")}/mod.ts`,
  );
}

/** @throws RunError where the plugin's file, as named in another file, no longer exists */
async function expectUnmoved(url: string, from: string): Promise<void> {
  if (!/^file:/i.test(url)) return;
  const isThere = await Deno.stat(new URL(url)).then(
    () => true,
    (error: unknown) => !(error instanceof Deno.errors.NotFound),
  ); // importing it will report any other fault
  if (isThere) return;
  throw new RunError(
    `Cannot load plugin "${url}": expected a file, as ${from} says, received none there. Put it ` +
      `back; or resume the run and name all of its plugins where they are now (train --resume RUN ` +
      `--plugin PATH), which keeps their new places`,
  );
}

/** Describes a default export that is not a plugin. */
function wordOf(exported: unknown): string {
  if (exported === undefined || exported === null) return "none";
  if (exported instanceof Promise) {
    exported.catch(() => {}); // a rejection later would be unhandled
    return "a Promise: the function may not be async";
  }
  if (typeof exported !== "object") return typeof exported;
  const parts = ["name", "config", "hooks"].filter((part) => !(part in exported));
  return parts.length === 0 ? "another object" : `an object without ${parts.join(", ")}`;
}

/** Splits the digest off a URL. */
function withoutDigest(specifier: string, isUrl: boolean): [name: string, sha256?: string] {
  const at = isUrl ? specifier.indexOf("#sha256=") : -1;
  if (at < 0) return [specifier];
  const sha256 = specifier.slice(at + "#sha256=".length).toLowerCase();
  if (/^[0-9a-f]{64}$/.test(sha256)) return [specifier.slice(0, at), sha256];
  throw new RunError(
    `Cannot load plugin "${specifier}": expected 64 hexadecimal digits behind #sha256=, ` +
      `received ${sha256.length} characters`,
  );
}

/**
 * Checks that a plugin's code may run. A digest counts only if the user typed it: in a file it says
 * nothing about trust.
 * @returns the SHA-256 of its code, where available
 */
async function expectWanted(
  { url, wanted, from, trust }: {
    url: string;
    wanted: string | undefined;
    from?: string | undefined;
    trust: Trust;
  },
): Promise<string | undefined> {
  if (from !== undefined) return await expectTrusted({ specifier: url, from }, trust);
  if (wanted !== undefined) {
    const { sha256 } = await pluginDigest(url);
    if (sha256 !== wanted) {
      throw new RunError(
        `Cannot load plugin "${url}": expected code with SHA-256 ${wanted}, received ${sha256}`,
      );
    }
  } else if (/^http:/i.test(url)) {
    // http: can be tampered with in transit.
    return await expectTrusted({ specifier: url, from: "An unprotected address" }, trust);
  }
  return await rememberTyped(url);
}

/** Calls a plugin's factory with the API, since an npm package can't import "cambium". */
function given(specifier: string, make: object): unknown {
  try {
    return (make as (api: typeof cambium) => unknown)(cambium); // checked to be a function
  } catch (cause) {
    throw notAPlugin(
      specifier,
      `one that fails when it is given Cambium: ${messageOf(cause)}`,
      cause,
    );
  }
}

function notAPlugin(specifier: string, received: string, cause?: unknown): RunError {
  return new RunError(
    `Cannot use plugin "${specifier}": expected its default export to be definePlugin({ … }) ` +
      `or a function that ` +
      `is given Cambium and returns it, received ${received}`,
    { cause },
  );
}

/** Whether a value looks like a plugin from `definePlugin`. */
export function isPlugin(value: unknown): value is Plugin {
  return hasParts(value) && Object.keys(value.hooks).every((hook) => hook in HOOK_KINDS);
}

/** Whether a value has the fields of a plugin; their content may still be invalid. */
function hasParts(value: unknown): value is Plugin {
  if (typeof value !== "object" || value === null) return false;
  const { name, hooks, config } = value as Partial<Plugin>; // each is checked below
  return typeof name === "string" && typeof config === "object" && typeof hooks === "object" &&
    hooks !== null;
}
