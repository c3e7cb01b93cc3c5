/**
 * The lock that lets one process at a time train a run. The operating system holds it, so that a
 * crash releases it.
 */
import { join } from "node:path";
import { openPlain } from "../../open_plain.ts";
import { messageOf } from "../../text.ts";

/**
 * How long to try for a lock, milliseconds: {@linkcode lockHolder} in another process holds it for
 * a moment.
 */
const PATIENCE = 200;

/** Pause between two tries, milliseconds. */
const PAUSE = 5;

/** Name of the lock file inside a run folder. */
export const LOCK_NAME = ".lock";

/** Who holds a lock. */
export interface LockHolder {
  /** Process id. */
  pid: number;
  host: string;
  /** When it took the lock, ISO 8601. */
  since: string;
}

/** What a lock is taken for, as a verb for its errors. */
export type LockPurpose = "train in" | "delete";

/** Another process is training the run. */
export class RunLockedError extends Error {
  /** "RunLockedError". */
  override name = "RunLockedError";
  /** Null where the holder has not written its details yet. */
  readonly holder: LockHolder | null;

  constructor(folder: string, holder: LockHolder | null, purpose: LockPurpose = "train in") {
    const who = holder ? `process ${holder.pid} on ${holder.host}` : "another process";
    super(
      `Cannot ${purpose} ${folder}: expected to be the only one, but ${who} is training this run` +
        (holder ? ` since ${holder.since}` : "") + ". Stop it first" +
        (purpose === "train in" ? ", or start another run" : ""),
    );
    this.holder = holder;
  }
}

/** A held lock. */
export interface RunLock extends Disposable {
  /** Releases the lock; a second call does nothing. */
  release(): void;
}

/**
 * Takes the exclusive lock on a run. Waits for {@linkcode lockHolder} in other processes, but not
 * for another training process.
 * @throws RunLockedError where another process, or this one, holds it
 */
export async function acquireRunLock(
  folder: string,
  purpose: LockPurpose = "train in",
): Promise<RunLock> {
  const path = join(folder, LOCK_NAME);
  const file = await openLock(folder, path, purpose);
  try {
    if (!await tryForAWhile(file)) {
      throw new RunLockedError(folder, await readHolder(path), purpose);
    }
    const holder: LockHolder = {
      pid: Deno.pid,
      host: Deno.hostname(),
      since: new Date().toISOString(),
    };
    await file.truncate(0);
    await file.write(new TextEncoder().encode(JSON.stringify(holder)));
  } catch (error) {
    file.close();
    throw error;
  }
  let held = true;
  const release = () => {
    if (held) file.close(); // closing unlocks
    held = false;
  };
  return { release, [Symbol.dispose]: release };
}

async function tryForAWhile(file: Deno.FsFile): Promise<boolean> {
  const end = performance.now() + PATIENCE;
  while (!await file.tryLock(true)) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return true;
}

async function openLock(
  folder: string,
  path: string,
  purpose: LockPurpose,
): Promise<Deno.FsFile> {
  try {
    return await openPlain(path, { write: true, create: true });
  } catch (cause) {
    throw new Error(
      `Cannot ${purpose} ${folder}: expected a folder to write in, received ${messageOf(cause)}`,
      { cause },
    );
  }
}

/**
 * Finds out who holds a run's lock.
 * @returns the process that trains the run; null where none does, "unknown" where its details can't
 * be read
 */
export async function lockHolder(folder: string): Promise<LockHolder | "unknown" | null> {
  const path = join(folder, LOCK_NAME);
  let file: Deno.FsFile;
  try {
    file = await openPlain(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  let isFree: boolean;
  try {
    // held as briefly as possible: it could block a run that starts
    isFree = file.tryLockSync(false);
  } finally {
    file.close();
  }
  return isFree ? null : await readHolder(path) ?? "unknown";
}

/**
 * The holder named in the file; null where it is empty or incomplete, or can't be read while locked
 * (Windows).
 */
async function readHolder(path: string): Promise<LockHolder | null> {
  try {
    const { pid, host, since } = JSON.parse(await Deno.readTextFile(path));
    if (typeof pid !== "number" || typeof host !== "string") return null;
    return { pid, host, since: String(since) };
  } catch {
    return null;
  }
}
