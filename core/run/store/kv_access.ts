/** Reads and writes through one KV handle: in order, within a deadline, with helpful errors. */
import { messageOf } from "../../text.ts";
import { withDeadline } from "./deadline.ts";

/** Maximum number of mutations in one commit. */
const COMMIT_MUTATIONS = 500;

/** Another process changed the data in between; the change is tried again. */
class Conflict extends Error {
  override message = "another process kept changing the same run";
}

/** Pause before retrying on a locked file, milliseconds. */
const LOCKED_PAUSE = 25;

/** True for SQLite's "database is locked" and "database table is locked": nothing was changed. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && /database (table )?is locked/.test(error.message);
}

/** A KV handle with a queue for writes. */
export class KvAccess {
  readonly kv: Deno.Kv;
  readonly #place: string;
  readonly #deadline: number;
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * @param place name of the store in errors
   * @param deadline time limit of each call, milliseconds
   */
  constructor(kv: Deno.Kv, place: string, deadline: number) {
    this.kv = kv;
    this.#place = place;
    this.#deadline = deadline;
  }

  /** Runs a read. */
  read<T>(action: string, work: () => Promise<T>): Promise<T> {
    const where = `${action} from the run store at ${this.#place}`;
    return withDeadline(explained(where, work()), this.#deadline, where);
  }

  /**
   * Runs a change after earlier ones, retrying where another process wrote in between or holds the
   * file locked. A change whose deadline passes before its turn is not made.
   */
  write<T>(action: string, work: () => Promise<T>): Promise<T> {
    const where = `${action} in the run store at ${this.#place}`;
    // stops retrying before the deadline, so that the change is certainly not made
    const end = performance.now() + 0.9 * this.#deadline;
    const attempt = async (): Promise<T> => {
      let last: unknown = new Error("expected its turn before the deadline, received none");
      while (performance.now() < end) {
        try {
          return await work();
        } catch (error) {
          if (!(error instanceof Conflict) && !isLocked(error)) throw error;
          if (isLocked(error)) await new Promise((resolve) => setTimeout(resolve, LOCKED_PAUSE));
          last = error;
        }
      }
      throw last;
    };
    const result = this.#queue.then(attempt);
    this.#queue = result.catch(() => {});
    return withDeadline(explained(where, result), this.#deadline, where);
  }

  /** Resolves when no change is in progress. */
  async settled(): Promise<void> {
    await this.#queue;
  }

  /** Commits; inside {@linkcode write}, a failed check tries the whole change again. */
  async commit(operation: Deno.AtomicOperation): Promise<void> {
    if (!(await operation.commit()).ok) throw new Conflict();
  }

  /** Deletes many keys; not in one commit. */
  async deleteAll(all: readonly Deno.KvKey[]): Promise<void> {
    for (let i = 0; i < all.length; i += COMMIT_MUTATIONS) {
      const operation = this.kv.atomic();
      for (const key of all.slice(i, i + COMMIT_MUTATIONS)) operation.delete(key);
      await operation.commit();
    }
  }

  async entries<T>(selector: Deno.KvListSelector, limit?: number): Promise<Deno.KvEntry<T>[]> {
    const found: Deno.KvEntry<T>[] = [];
    const options = limit === undefined ? {} : { limit };
    for await (const entry of this.kv.list<T>(selector, options)) found.push(entry);
    return found;
  }
}

/**
 * Adds the action and the store's name to errors of KV ("disk I/O error"); passes on our own
 * errors.
 */
async function explained<T>(action: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const message = messageOf(cause);
    if (message.startsWith("Cannot ")) throw cause;
    const advice = isLocked(cause) ? ". Another process holds the file: end it, or try again" : "";
    throw new Error(`Cannot ${action}: ${message}${advice}`, { cause });
  }
}
