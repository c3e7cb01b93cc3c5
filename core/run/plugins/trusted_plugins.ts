/** Decides whether a plugin named by a file, not by the user, may be loaded: plugins are code. */
import { dirname, join } from "node:path";
import { cacheFolder } from "../../cache_folder.ts";
import { makePrivate } from "../../private_path.ts";
import { printableLine } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { RunError } from "../run_error.ts";
import { pluginDigest } from "./plugin_digest.ts";

/** A plugin from a run's folder, a configuration file or an unprotected address. */
export interface UntrustedPlugin {
  /** Location of its code: file:, npm:, https: … */
  specifier: string;
  /** What names it, e.g. the path of a config.json. */
  from: string;
  /** SHA-256 (hex) of its code and everything that it imports, except Cambium. */
  sha256: string;
  /** Number of modules and packages. */
  files: number;
  /** Whether different code with this specifier was trusted before. */
  changed: boolean;
}

/**
 * Whether to run such code: false refuses it, true accepts all, a function decides. Code that was
 * trusted once is accepted without asking.
 */
export type Trust = boolean | ((plugin: UntrustedPlugin) => boolean | Promise<boolean>);

/** Code was not loaded, since it is not trusted. */
export class UntrustedPluginError extends RunError {
  override name = "UntrustedPluginError";
}

/** A plugin named by a file. */
interface Named {
  specifier: string;
  from: string;
}

/**
 * Asserts that a plugin is trusted. Runs none of its code, and downloads remote code only where it
 * may become trusted.
 * @returns the SHA-256 of its code
 * @throws UntrustedPluginError where it is not trusted
 */
export async function expectTrusted({ specifier, from }: Named, trust: Trust): Promise<string> {
  const known = (await readTrusted())[specifier];
  if (known === undefined && trust === false) throw refused({ specifier, from });
  const { sha256, files } = await pluginDigest(specifier);
  if (known === sha256) return sha256;
  const plugin = { specifier, from, sha256, files, changed: known !== undefined };
  const isTrusted = typeof trust === "function" ? await trust(plugin) : trust;
  if (!isTrusted) throw refused(plugin);
  await rememberTrusted(specifier, sha256);
  return sha256;
}

/**
 * Remembers the current code of a plugin that the user typed as trusted, so that resuming a run
 * with it does not ask again.
 * @returns the SHA-256 of its code, where available
 */
export async function rememberTyped(specifier: string): Promise<string | undefined> {
  if (Deno.build.standalone) return undefined;
  const { sha256 } = await pluginDigest(specifier);
  if ((await readTrusted())[specifier] !== sha256) await rememberTrusted(specifier, sha256);
  return sha256;
}

/**
 * Describes a plugin in a sentence or two, for a question or a refusal. Control characters in names
 * are escaped.
 */
export function describePlugin(plugin: Named & Partial<UntrustedPlugin>): string {
  const { specifier, from, sha256, files, changed } = plugin;
  return `${printableLine(from)} names a plugin that does not ship with Cambium: ${
    printableLine(specifier)
  }` +
    (sha256 === undefined
      ? ""
      : ` (SHA-256 ${sha256}${files === 1 ? "" : ` of ${files} files and packages`})`) +
    (changed ? ". It is not the code that was trusted before" : "") +
    ". A plugin is code that runs with all of your rights";
}

function refused(plugin: Named & Partial<UntrustedPlugin>): UntrustedPluginError {
  return new UntrustedPluginError(
    `Cannot load plugin "${plugin.specifier}": expected it to be trusted, received no answer that it is. ${
      describePlugin(plugin)
    }: read it before you trust it`,
  );
}

/** Maximum number of trusted plugins remembered; the oldest are forgotten, and asked for again. */
const MOST_REMEMBERED = 500;

function memory(): string | undefined {
  const folder = cacheFolder();
  return folder && join(folder, "trust", "plugins.json");
}

/** Reads the trusted SHA-256 by specifier; empty where others could have written the file. */
async function readTrusted(): Promise<Record<string, string>> {
  const path = memory();
  if (path === undefined) return {};
  try {
    const found = [await makePrivate(dirname(path)), await makePrivate(path)];
    if (found.includes("tightened")) return {};
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    const entries = value && typeof value === "object" ? Object.entries(value) : [];
    const good = entries.filter(([, sha256]) => /^[0-9a-f]{64}$/.test(String(sha256)));
    return Object.assign(Object.create(null), Object.fromEntries(good));
  } catch {
    return {}; // missing, damaged or not private: nothing is trusted
  }
}

/** Remembers code as trusted. Processes take turns, so that none overwrites another's entry. */
async function rememberTrusted(specifier: string, sha256: string): Promise<void> {
  const path = memory();
  if (path === undefined) return; // without a cache folder, it is asked for each time
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    using lock = await Deno.open(join(dirname(path), ".lock"), { create: true, write: true });
    await lock.lock(true); // released when the file closes or the process dies
    const { [specifier]: _, ...others } = await readTrusted();
    const entries = [...Object.entries(others), [specifier, sha256]].slice(-MOST_REMEMBERED);
    const text = JSON.stringify(Object.fromEntries(entries), null, 2);
    await writeWhole(path, new TextEncoder().encode(text + "\n"));
  } catch {
    // not remembered: it is asked for again
  }
}
