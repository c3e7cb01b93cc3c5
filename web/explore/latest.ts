/// <reference lib="dom" />
/**
 * Runs one request at a time and remembers only the newest waiting one. A slider that moves faster
 * than the generator answers therefore never builds a queue, and an old picture never replaces a
 * newer one.
 */
export interface Latest<A, R> {
  /** Sends a request, or replaces the one that is waiting. */
  ask(argument: A): void;
  /** Requests that were replaced before they were sent. */
  readonly dropped: number;
  stop(): void;
}

/**
 * @param run performs a request
 * @param listeners called in the order of the requests
 */
export function createLatest<A, R>(
  run: (argument: A, signal: AbortSignal) => Promise<R>,
  listeners: {
    onResult: (result: R) => void;
    onError: (error: Error) => void;
    onBusy: (busy: boolean) => void;
  },
): Latest<A, R> {
  let waiting: { argument: A } | null = null;
  let dropped = 0;
  let isBusy = false;
  const ending = new AbortController();

  async function work(): Promise<void> {
    isBusy = true;
    listeners.onBusy(true);
    while (waiting && !ending.signal.aborted) {
      const { argument } = waiting;
      waiting = null;
      try {
        const result = await run(argument, ending.signal);
        if (!ending.signal.aborted) listeners.onResult(result);
      } catch (error) {
        if (!ending.signal.aborted) {
          listeners.onError(error instanceof Error ? error : new Error(String(error)));
        }
      }
    }
    isBusy = false;
    if (!ending.signal.aborted) listeners.onBusy(false);
  }

  return {
    ask(argument) {
      if (waiting) dropped++;
      waiting = { argument };
      if (!isBusy) void work();
    },
    get dropped() {
      return dropped;
    },
    stop() {
      ending.abort();
      waiting = null;
    },
  };
}
