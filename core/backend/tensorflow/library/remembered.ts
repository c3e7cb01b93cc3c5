/**
 * What was found out about files and need not be found out again: a small JSON file beside the
 * cached libraries.
 */
import { join } from "node:path";
import { writeWhole } from "../../../write_whole.ts";
import { cacheRoot } from "./cache.ts";

/** Where and in what form answers are kept. */
export interface Memory {
  name: string;
  /** What an answer looks like; others are not believed. */
  answer: RegExp;
}

/**
 * Remembers under the file's path, size, inode and times. Whoever writes a file can set its time of
 * modification back, but not that of its last change.
 * @param compute finds the answer where none is known; what it throws is not remembered
 */
export async function remembered(
  path: string,
  { name, answer }: Memory,
  compute: (realPath: string) => Promise<string>,
): Promise<string> {
  const memory = memoryPath(name), { real, key, changed } = await keyOf(path);
  const known = memory ? await readAnswers(memory, answer) : {};
  const old = known[key];
  if (old !== undefined) return old;
  const found = await compute(real);
  const isSettled = Date.now() - changed > TIMES_ARE_EXACT_TO;
  if (memory && isSettled) {
    await writeAnswers(memory, { ...await readAnswers(memory, answer), [key]: found });
  }
  return found;
}

/** Forgets what is remembered of a file as it is now. */
export async function forget(path: string, { name, answer }: Memory): Promise<void> {
  const memory = memoryPath(name);
  if (memory === undefined) return;
  const { key } = await keyOf(path), { [key]: old, ...others } = await readAnswers(memory, answer);
  if (old !== undefined) await writeAnswers(memory, others);
}

function memoryPath(name: string): string | undefined {
  const root = cacheRoot();
  return root && join(root, name);
}

/**
 * Deno tells the time of the last change in whole seconds: what changed just now may change again
 * unseen.
 */
const TIMES_ARE_EXACT_TO = 2000; // ms

async function keyOf(path: string): Promise<{ real: string; key: string; changed: number }> {
  const real = await Deno.realPath(path), { size, mtime, ctime, ino } = await Deno.stat(real);
  const times = [mtime, ctime].map((time) => time?.getTime() ?? 0);
  return { real, key: [real, size, ino, ...times].join(" "), changed: Math.max(...times) };
}

async function readAnswers(path: string, answer: RegExp): Promise<Record<string, string>> {
  try {
    const value: unknown = JSON.parse(await Deno.readTextFile(path));
    const entries = value && typeof value === "object" ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter(([, found]) => answer.test(String(found))));
  } catch {
    return {}; // none yet, or damaged: it is only a memory
  }
}

async function writeAnswers(path: string, answers: Record<string, string>): Promise<void> {
  try {
    await writeWhole(path, new TextEncoder().encode(JSON.stringify(answers, null, 2)));
  } catch {
    // A cache that can't be written costs a second at the next start, no more.
  }
}
