/**
 * Signals that something may have changed, to many watchers. A watcher that is busy wakes only
 * once, however often it is notified in the meantime.
 */

interface Watcher {
  id: string | undefined;
  dirty: boolean;
  wake(): void;
}

/** Forwards changes of a run to the watchers of that run, and to those of any run. */
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
          // If a change came while the consumer was busy, `dirty` is set: don't wait.
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
