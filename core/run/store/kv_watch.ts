/**
 * Finds changes in Deno KV. `kv.watch` sees writes of this process (and of a remote database) at
 * once, but not those of another process on the same file: these are found by polling
 * versionstamps, once for all watchers.
 */
import { keys } from "./kv_keys.ts";
import { Signals } from "./signals.ts";

/** Maximum number of keys of one `getMany`. */
const GET_MANY = 10;

/** Wakes the watchers of one KV handle. */
export class KvWatch {
  readonly #kv: Deno.Kv;
  readonly #interval: number;
  readonly #signals = new Signals();
  readonly #seen = new Map<string | undefined, string | null>();
  readonly #streams = new Map<string | undefined, ReadableStreamDefaultReader<unknown>>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #polling = false;
  #failed = false;
  #closed = false;

  /** @param interval polling interval, milliseconds */
  constructor(kv: Deno.Kv, interval: number) {
    this.#kv = kv;
    this.#interval = interval;
    this.#signals.onWatchers = (count) => this.#adjust(count);
  }

  /** Yields at once, then whenever the run (or any head) may have changed; ends with the signal. */
  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void> {
    return this.#signals.watch(id, signal);
  }

  close(): void {
    this.#closed = true;
    this.#signals.close();
    this.#adjust(0);
  }

  #adjust(count: number): void {
    const watched = count ? this.#signals.watched : new Set<string | undefined>();
    for (const id of watched) {
      if (this.#streams.has(id) || this.#closed) continue;
      this.#seen.delete(id);
      this.#listen(id);
    }
    for (const [id, reader] of this.#streams) {
      if (watched.has(id)) continue;
      this.#streams.delete(id);
      reader.cancel().catch(() => {}); // KV may be closed already
    }
    if (count && !this.#closed) {
      if (this.#timer === undefined && !this.#polling) this.#schedule(0);
    } else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Forwards what `kv.watch` reports; if it ends or fails, polling remains. */
  async #listen(id: string | undefined): Promise<void> {
    const reader = this.#kv.watch([revisionKey(id)]).getReader();
    this.#streams.set(id, reader);
    try {
      while (!(await reader.read()).done) this.#signals.notify(id);
    } catch {
      // polling continues, and reports errors
    }
  }

  #schedule(milliseconds: number): void {
    this.#timer = setTimeout(async () => {
      this.#timer = undefined;
      this.#polling = true;
      await this.#poll();
      this.#polling = false;
      if (this.#streams.size && !this.#closed) this.#schedule(this.#interval);
    }, milliseconds);
  }

  async #poll(): Promise<void> {
    try {
      const ids = [...this.#streams.keys()];
      for (let i = 0; i < ids.length; i += GET_MANY) {
        const group = ids.slice(i, i + GET_MANY);
        const entries = await this.#kv.getMany(group.map(revisionKey));
        entries.forEach(({ versionstamp }, j) => {
          const id = group[j];
          if (this.#seen.get(id) !== versionstamp) this.#signals.notify(id);
          this.#seen.set(id, versionstamp);
        });
      }
      this.#failed = false;
    } catch {
      // Wake the watchers once: they get the error from their own read, where it can be reported.
      if (!this.#failed && !this.#closed) {
        this.#signals.watched.forEach((id) => this.#signals.notify(id));
      }
      this.#failed = true;
    }
  }
}

function revisionKey(id: string | undefined): Deno.KvKey {
  return id === undefined ? keys.revision : keys.runRevision(id);
}
