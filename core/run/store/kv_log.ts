/**
 * A run's log in Deno KV: one key per line, numbered consecutively; the oldest lines are removed.
 */
import type { LogLine } from "./types.ts";
import type { KvAccess } from "./kv_access.ts";
import { keys } from "./kv_keys.ts";
import { LOG_LINES_KEPT, LOG_LINES_READ, trimLine, unknownRun } from "./limits.ts";

/** Lines in one commit: 40 of at most 12,000 bytes stay below KV's limit of 819,200. */
const COMMIT_LINES = 40;

interface LogHead {
  /** Lowest number that may exist, and the next one to use. */
  first: number;
  next: number;
}

/** Logs of all runs of one store. */
export class KvLog {
  readonly #access: KvAccess;

  constructor(access: KvAccess) {
    this.#access = access;
  }

  /** Adds what a new run needs to the commit that creates it. */
  create(operation: Deno.AtomicOperation, id: string): void {
    operation.set(keys.log(id), { first: 0, next: 0 } satisfies LogHead);
  }

  async append(id: string, lines: readonly LogLine[]): Promise<void> {
    const kept = lines.slice(-LOG_LINES_KEPT).map(trimLine);
    for (let i = 0; i < Math.max(1, kept.length); i += COMMIT_LINES) {
      await this.#appendGroup(id, kept.slice(i, i + COMMIT_LINES));
    }
  }

  #appendGroup(id: string, lines: readonly LogLine[]): Promise<void> {
    return this.#access.write("append to the log", async () => {
      const head = await this.#head("append to the log", id);
      const next = head.value.next + lines.length;
      const first = Math.max(head.value.first, next - LOG_LINES_KEPT);
      const operation = this.#access.kv.atomic().check(head)
        .set(keys.log(id), { first, next } satisfies LogHead)
        .set(keys.runRevision(id), true);
      lines.forEach((line, i) => operation.set(keys.line(id, head.value.next + i), line));
      for (let old = head.value.first; old < first; old++) operation.delete(keys.line(id, old));
      await this.#access.commit(operation);
    });
  }

  read(
    id: string,
    { after, limit = LOG_LINES_READ }: { after?: number; limit?: number },
  ): Promise<{ lines: LogLine[]; next: number }> {
    return this.#access.read("read the log", async () => {
      const head = (await this.#access.kv.get<LogHead>(keys.log(id))).value;
      if (!head) return { lines: [], next: 0 };
      const lines: Deno.KvEntry<LogLine>[] = [];
      const newest = after === undefined; // without `after`, read the end of the log
      const range = { start: keys.line(id, after ?? head.first), end: keys.line(id, head.next) };
      if (limit > 0 && (after ?? 0) < head.next) {
        const options = { limit, reverse: newest };
        for await (const entry of this.#access.kv.list<LogLine>(range, options)) lines.push(entry);
      }
      if (newest) lines.reverse();
      const last = lines.at(-1);
      // Fewer lines than requested mean that nothing follows; after a rewind, numbers may have
      // gaps.
      const next = last && !newest && lines.length === limit
        ? Number(last.key.at(-1)) + 1
        : head.next;
      return { lines: lines.map(({ value }) => value), next };
    });
  }

  rewind(id: string, imagesSeen: number): Promise<void> {
    return this.#access.write("rewind a run", async () => {
      await this.#head("rewind a run", id);
      const lines = await this.#access.entries<LogLine>({ prefix: keys.log(id) });
      const beyond = lines.filter(({ value }) => value.imagesSeen > imagesSeen);
      await this.#access.deleteAll(beyond.map(({ key }) => key));
    });
  }

  async #head(action: string, id: string): Promise<Deno.KvEntry<LogHead>> {
    const head = await this.#access.kv.get<LogHead>(keys.log(id));
    if (head.versionstamp === null) throw unknownRun(action, id);
    return head;
  }
}
