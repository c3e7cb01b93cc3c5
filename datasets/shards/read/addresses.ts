/** Resolves what the user typed after `shards:` to the addresses of tars. */
import { basename, join, resolve } from "node:path";
import { ConfigError } from "../../../core/config/config_layer.ts";
import { shortName } from "../../sources/source.ts";
import { expandBraces } from "./braces.ts";
import { isWeb } from "./bytes_at.ts";

/** The prefix of shard sources. */
export const SHARDS = "shards:";

/** Whether a source consists of shards. */
export const isShards = (source: string | undefined): source is string =>
  source?.startsWith(SHARDS) === true;

/** The tars of a source, and a common name. */
export interface ShardList {
  /** Short, suitable as a folder name. */
  name: string;
  /** Paths and URLs, in the given order. */
  addresses: string[];
}

/**
 * Lists a source's shards: by expanding braces, or all tars of a folder by name.
 * @param source "shards:" and a path or URL
 * @throws ConfigError if none is named, one is named twice, or a folder contains none
 */
export async function listShards(source: string): Promise<ShardList> {
  const text = source.slice(SHARDS.length);
  if (text === "") throw refused(source, "a path or address after it");
  const expanded = expandBraces(text);
  const isFolder = expanded.length === 1 && !isWeb(text) && await isDirectory(text);
  const addresses = isFolder ? await tarsOf(text) : expanded;
  if (addresses.length === 0) throw refused(source, `tars in ${text}`);
  const names = addresses.map(shardName);
  const twice = names.find((name, i) => names.indexOf(name, i + 1) >= 0);
  if (twice !== undefined) throw refused(source, `shards of different names, not ${twice} twice`);
  const named = isFolder ? resolve(text) : text.replace(/[^/\\]*$/, "");
  return {
    name: shortName(named.replace(/[/\\]+$/, "")) || "shards",
    addresses: addresses.map((address) => isWeb(address) ? address : resolve(address)),
  };
}

/** A shard's file name. */
export function shardName(address: string): string {
  if (!isWeb(address)) return basename(address);
  const name = new URL(address).pathname.split("/").at(-1) ?? "";
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // its % is not part of an escape
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false; // reported when it is opened
  }
}

async function tarsOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (!isDirectory && /^[^.].*\.tar$/i.test(name)) names.push(name);
  }
  return names.sort().map((name) => join(folder, name));
}

function refused(source: string, expected: string): ConfigError {
  return new ConfigError(`Cannot read the shards: expected ${expected}, received "${source}"`);
}
