/** Keeps a folder of decoded shards within a budget. */
import { join } from "node:path";
import { TEMPORARY } from "./decoded_shard.ts";

/** Extension of files of decoded shards. */
export const DECODED = ".decoded";

/** How much room is needed, and where. */
export interface RoomOptions {
  folder: string;
  /** Most bytes of all files in the folder. */
  budget: number;
  /** Names of files that the data being read needs again in its next epoch. */
  own: ReadonlySet<string>;
}

/**
 * Removes the least recently used files until `bytes` more fit. Files of the data that is being
 * read don't make room for each other: each is used once per epoch, so the oldest would always be
 * the next one needed. The caller holds the folder's lock.
 * @param bytes 0 only enforces the budget, which own files may exceed
 * @returns whether they fit
 */
export async function makeRoom(
  bytes: number,
  { folder, budget, own }: RoomOptions,
): Promise<boolean> {
  const files: { path: string; size: number; used: number; isOwn: boolean }[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (name.startsWith(TEMPORARY)) await Deno.remove(path); // its process was killed
    if (!name.endsWith(DECODED)) continue;
    const found = await Deno.stat(path).catch(() => undefined);
    if (!found) continue; // another process has removed it
    files.push({ path, size: found.size, used: Number(found.mtime ?? 0), isOwn: own.has(name) });
  }
  const sum = (some: typeof files) => some.reduce((total, { size }) => total + size, 0);
  const fits = sum(files.filter(({ isOwn }) => isOwn)) + bytes <= budget;
  files.sort((a, b) => Number(a.isOwn) - Number(b.isOwn) || a.used - b.used);
  let total = sum(files);
  for (const { path, size, isOwn } of files) {
    if (total <= (fits && !isOwn ? budget - bytes : budget)) break;
    await Deno.remove(path).catch((error) => {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    });
    total -= size;
  }
  return total + bytes <= budget;
}
