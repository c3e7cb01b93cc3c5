/** Whether a plugin that a file names, and not the user, may be loaded: it is code. */
import { dirname, join } from "node:path";
import { cacheFolder } from "../../cache_folder.ts";
import { makePrivate } from "../../private_path.ts";
import { printableLine } from "../../text.ts";
import { writeWhole } from "../../write_whole.ts";
import { RunError } from "../run_error.ts";
import { pluginDigest } from "./plugin_digest.ts";

/** A plugin that a run folder, a configuration or an unprotected address brings. */
export interface UntrustedPlugin {
  /** Where its code is: a file, npm:, https: … */
  specifier: string;
  /** Who names it, e.g. the path of a config.json. */
  from: string;
  /** Of its code and all that it imports beside Cambium, hexadecimal. */
  sha256: string;
  /** Modules and packages of that code. */
  files: number;
  /** Whether other code of this name was trusted before. */
  changed: boolean;
}

/**
 * Whether such code may run: false refuses it, true takes all, a function is asked. What was
 * trusted once is not asked again.
 */
export type Trust = boolean | ((plugin: UntrustedPlugin) => boolean | Promise<boolean>);

/** Code was not loaded, since nobody said that it is trusted. */
export class UntrustedPluginError extends RunError {
  override name = "UntrustedPluginError";
}

/** What is known of a plugin that a file names. */
interface Named {
  specifier: string;
  from: string;
}

/**
 * Nothing of the plugin runs here; what is remote is fetched only where somebody can be asked.
 * @returns the SHA-256 of its code
 * @throws UntrustedPluginError where it was not trusted
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
 * The user named it: what it is now is not asked for when a run that has it goes on.
 * @returns the SHA-256 of its code, where it can be had
 */
export async function rememberTyped(specifier: string): Promise<string | undefined> {
  if (Deno.build.standalone) return undefined;
  const { sha256 } = await pluginDigest(specifier);
  if ((await readTrusted())[specifier] !== sha256) await rememberTrusted(specifier, sha256);
  return sha256;
}

/**
 * A sentence or two about a plugin, for a question or a refusal; names in it are shown, not obeyed.
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

/** What was trusted longest ago is forgotten, and asked for again. */
const MOST_REMEMBERED = 500;

function memory(): string | undefined {
  const folder = cacheFolder();
  return folder && join(folder, "trust", "plugins.json");
}

/** SHA-256 by specifier; none where others could have written the file. */
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
    return {}; // none yet, damaged, or somebody else's: what it would tell is asked for
  }
}

/** One process after the other, so that none writes over what another has just remembered. */
async function rememberTrusted(specifier: string, sha256: string): Promise<void> {
  const path = memory();
  if (path === undefined) return; // asked for each time
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    using lock = await Deno.open(join(dirname(path), ".lock"), { create: true, write: true });
    await lock.lock(true); // given back when the file closes, or the process dies
    const { [specifier]: _, ...others } = await readTrusted();
    const entries = [...Object.entries(others), [specifier, sha256]].slice(-MOST_REMEMBERED);
    const text = JSON.stringify(Object.fromEntries(entries), null, 2);
    await writeWhole(path, new TextEncoder().encode(text + "\n"));
  } catch {
    // as above
  }
}
