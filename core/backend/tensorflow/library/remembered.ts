/**
 * A persistent cache of results computed from files: a small JSON file beside the cached libraries.
 */
import { join } from "node:path";
import { writeWhole } from "../../../write_whole.ts";
import { cacheRoot } from "./cache.ts";

/** Where and in what form results are cached. */
export interface ResultCache {
  name: string;
  /** The pattern of a valid result; others are ignored. */
  pattern: RegExp;
}

/**
 * Caches a result by the file's path, size, inode and times. A program can reset a file's
 * modification time, but not its change time.
 * @param compute computes a missing result; failures are not cached
 */
export async function remembered(
  path: string,
  { name, pattern }: ResultCache,
  compute: (realPath: string) => Promise<string>,
): Promise<string> {
  const cache = cachePath(name), { real, key, changed } = await keyOf(path);
  const known = cache ? await readResults(cache, pattern) : {};
  const old = known[key];
  if (old !== undefined) return old;
  const found = await compute(real);
  const isSettled = Date.now() - changed > TIME_RESOLUTION;
  if (cache && isSettled) {
    await writeResults(cache, { ...await readResults(cache, pattern), [key]: found });
  }
  return found;
}

/** Removes the cached result for a file's present state. */
export async function forget(path: string, { name, pattern }: ResultCache): Promise<void> {
  const cache = cachePath(name);
  if (cache === undefined) return;
  const { key } = await keyOf(path), { [key]: old, ...others } = await readResults(cache, pattern);
  if (old !== undefined) await writeResults(cache, others);
}

function cachePath(name: string): string | undefined {
  const root = cacheRoot();
  return root && join(root, name);
}

/**
 * Deno reports the change time in whole seconds, so a file that has just changed may change again
 * unnoticed.
 */
const TIME_RESOLUTION = 2000; // ms

async function keyOf(path: string): Promise<{ real: string; key: string; changed: number }> {
  const real = await Deno.realPath(path), { size, mtime, ctime, ino } = await Deno.stat(real);
  const times = [mtime, ctime].map((time) => time?.getTime() ?? 0);
  return { real, key: [real, size, ino, ...times].join(" "), changed: Math.max(...times) };
}

async function readResults(path: string, pattern: RegExp): Promise<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    const entries = value && typeof value === "object" ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter(([, found]) => pattern.test(String(found))));
  } catch {
    return {}; // none yet, or damaged: results are computed again
  }
}

async function writeResults(path: string, results: Record<string, string>): Promise<void> {
  try {
    await writeWhole(path, new TextEncoder().encode(JSON.stringify(results, null, 2)));
  } catch {
    // If the cache can't be written, the next start takes a second longer; nothing else is lost.
  }
}
