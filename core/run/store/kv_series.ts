/**
 * A run's series in Deno KV: chunks of typed arrays, and a head with the number of valid chunks.
 */
import type { SeriesColumns, SeriesPoint } from "./types.ts";
import type { KvAccess } from "./kv_access.ts";
import { keys } from "./kv_keys.ts";
import { unknownRun } from "./limits.ts";
import {
  appendPoints,
  emptyChunk,
  formatCursor,
  joinChunks,
  keepUpTo,
  newEpoch,
  parseCursor,
  type SeriesChunk,
} from "./series.ts";

/** Chunks in one commit: 16 of at most 48,000 bytes stay below KV's limit of 819,200. */
const COMMIT_CHUNKS = 16;

interface SeriesHead {
  /** Changes with each rewind, and when the run is created again. */
  epoch: number;
  chunks: number;
}

/** Series of all runs of one store. */
export class KvSeries {
  readonly #access: KvAccess;

  constructor(access: KvAccess) {
    this.#access = access;
  }

  /** Adds what a new run needs to the commit that creates it. */
  create(operation: Deno.AtomicOperation, id: string): void {
    operation.set(keys.series(id), { epoch: newEpoch(), chunks: 0 } satisfies SeriesHead);
  }

  append(id: string, points: readonly SeriesPoint[]): Promise<void> {
    return this.#access.write("append to a series", async () => {
      const head = await this.#head("append to a series", id);
      const last = head.value.chunks - 1;
      const tail = last < 0 ? null : await this.#access.kv.get<SeriesChunk>(keys.chunk(id, last));
      const chunks = appendPoints(tail?.value ?? emptyChunk(), points);
      await this.#replace(id, head, Math.max(0, last), chunks);
    });
  }

  read(id: string, after: string | undefined): Promise<SeriesColumns> {
    return this.#access.read("read a series", async () => {
      const from = after === undefined ? undefined : parseCursor(after);
      for (;;) {
        const stored = (await this.#access.kv.get<SeriesHead>(keys.series(id))).value;
        const head = stored ?? { epoch: 0, chunks: 0 }; // an unknown run reads as an empty one
        const goesOn = from?.epoch === head.epoch;
        const { chunk, row } = goesOn ? from : { chunk: 0, row: 0 };
        const entries = await this.#access.entries<SeriesChunk>({
          start: keys.chunk(id, chunk),
          end: keys.chunk(id, head.chunks),
        });
        const now = (await this.#access.kv.get<SeriesHead>(keys.series(id))).value;
        // rewound in the meantime: the entries may be inconsistent
        if ((now?.epoch ?? 0) !== head.epoch) continue;
        const chunks = entries.map(({ value }) => value);
        const cursor = formatCursor({
          epoch: head.epoch,
          chunk: Math.max(chunk, head.chunks - 1),
          row: chunks.at(-1)?.imagesSeen.length ?? row,
        });
        const restarted = from !== undefined && !goesOn;
        return { ...joinChunks(chunks, row), cursor, ...restarted ? { restarted } : {} };
      }
    });
  }

  rewind(id: string, imagesSeen: number): Promise<void> {
    return this.#access.write("rewind a run", async () => {
      const head = await this.#head("rewind a run", id);
      const entries = await this.#access.entries<SeriesChunk>({ prefix: keys.series(id) });
      const chunks = entries.slice(0, head.value.chunks).map(({ value }) => value);
      const isBeyond = (images: number) => images > imagesSeen;
      const found = chunks.findIndex((chunk) => chunk.imagesSeen.some(isBeyond));
      const first = found < 0 ? chunks.length : found;
      // Points are in the order of imagesSeen, so that nothing after the first affected chunk is
      // kept.
      const kept = chunks.slice(first, first + 1).map((chunk) => keepUpTo(chunk, imagesSeen));
      const left = kept.filter((chunk) => chunk.imagesSeen.length > 0);
      const next: SeriesHead = { epoch: head.value.epoch + 1, chunks: first + left.length };
      const operation = this.#access.kv.atomic().check(head).set(keys.series(id), next)
        .set(keys.runRevision(id), true);
      left.forEach((chunk, i) => operation.set(keys.chunk(id, first + i), chunk));
      await this.#access.commit(operation);
      await this.#access.deleteAll(entries.slice(next.chunks).map(({ key }) => key));
    });
  }

  async #head(action: string, id: string): Promise<Deno.KvEntry<SeriesHead>> {
    const head = await this.#access.kv.get<SeriesHead>(keys.series(id));
    if (head.versionstamp === null) throw unknownRun(action, id);
    return head;
  }

  /**
   * Writes chunks from `first` on; many chunks take several commits, after each of which the series
   * is valid.
   */
  async #replace(
    id: string,
    head: Deno.KvEntry<SeriesHead>,
    first: number,
    chunks: readonly SeriesChunk[],
  ): Promise<void> {
    let check: Deno.AtomicCheck = head;
    for (let i = 0; i < chunks.length; i += COMMIT_CHUNKS) {
      const group = chunks.slice(i, i + COMMIT_CHUNKS);
      const next: SeriesHead = { epoch: head.value.epoch, chunks: first + i + group.length };
      const operation = this.#access.kv.atomic().check(check).set(keys.series(id), next)
        .set(keys.runRevision(id), true);
      group.forEach((chunk, j) => operation.set(keys.chunk(id, first + i + j), chunk));
      await this.#access.commit(operation);
      check = await this.#access.kv.get(keys.series(id));
    }
  }
}
