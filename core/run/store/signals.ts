/**
 * "Something may have changed": many watchers, each woken once however often it was notified
 * meanwhile.
 */

interface Watcher {
  id: string | undefined;
  dirty: boolean;
  wake(): void;
}

/** Told of changes by run id; tells whoever watches that run, or any run. */
export class Signals {
  #watchers = new Set<Watcher>();
  #closed = false;

  /** Called with the number of watchers whenever it changes. */
  onWatchers: ((count: number) => void) | undefined;

  /** Ids that are watched; `undefined` for watchers of any run. */
  get watched(): Set<string | undefined> {
    return new Set(Array.from(this.#watchers, (watcher) => watcher.id));
  }

  /** Wakes the watchers of `id`, and with `any` those of any run. */
  notify(id: string | undefined, any = true): void {
    for (const watcher of this.#watchers) {
      if (watcher.id === undefined ? any : watcher.id === id) {
        watcher.dirty = true;
        watcher.wake();
      }
    }
  }

  /**
   * Yields at once, then after each change; ends when `signal` aborts or {@linkcode close} is
   * called.
   */
  async *watch(id: string | undefined, signal: AbortSignal): AsyncGenerator<void> {
    const watcher: Watcher = { id, dirty: true, wake: () => {} };
    const onAbort = () => watcher.wake();
    signal.addEventListener("abort", onAbort);
    this.#watchers.add(watcher);
    this.onWatchers?.(this.#watchers.size);
    try {
      while (!signal.aborted && !this.#closed) {
        if (watcher.dirty) {
          watcher.dirty = false;
          yield;
        } else {
          const { promise, resolve } = Promise.withResolvers<void>();
          watcher.wake = resolve;
          // A change may have come while the consumer was busy: then `dirty` is set and nothing is
          // awaited.
          if (!watcher.dirty && !signal.aborted && !this.#closed) await promise;
        }
      }
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#watchers.delete(watcher);
      this.onWatchers?.(this.#watchers.size);
    }
  }

  close(): void {
    this.#closed = true;
    for (const watcher of this.#watchers) watcher.wake();
  }
}
