/** A value that is read again whenever it may have changed, and those waiting for a change. */
import { messageOf } from "../../core/text.ts";

/** A value that changes; readers wait for the next version and then take what they need. */
export interface Topic {
  /** Increases with every change. */
  readonly version: number;
  /** What could not be read last time, for the user; null if everything was read. */
  readonly problem: string | null;
  /** Resolves when `version` differs from `seen`, or the signal is aborted. */
  changed(seen: number, signal: AbortSignal): Promise<void>;
  stop(): void;
}

/** What a topic follows. */
export interface TopicSource {
  /** Yields whenever the value may have changed. */
  watch(signal: AbortSignal): AsyncIterable<void>;
  /** Reads it again; true if something changed. */
  refresh(): Promise<boolean>;
  /** Minimum time between two reads, ms. */
  interval: number;
}

/**
 * Follows a source until stopped. If reading fails, the topic reports it, keeps the last good value
 * and retries after a second.
 */
export function createTopic(source: TopicSource): Topic {
  const ending = new AbortController();
  const waiting = new Set<() => void>();
  const topic = { version: 0, problem: null as string | null };
  const bump = () => {
    topic.version++;
    for (const wake of waiting) wake();
  };
  const settle = (problem: string | null, isChanged: boolean) => {
    if (!isChanged && problem === topic.problem && topic.version > 0) return;
    topic.problem = problem;
    bump();
  };
  follow(source, settle, ending.signal);

  return {
    get version() {
      return topic.version;
    },
    get problem() {
      return topic.problem;
    },
    changed(seen, signal) {
      if (topic.version !== seen || signal.aborted || ending.signal.aborted) {
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          signal.removeEventListener("abort", wake);
          resolve();
        };
        waiting.add(wake);
        signal.addEventListener("abort", wake);
      });
    },
    stop() {
      ending.abort();
      for (const wake of waiting) wake();
    },
  };
}

async function follow(
  { watch, refresh, interval }: TopicSource,
  settle: (problem: string | null, isChanged: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      settle(null, await refresh());
      for await (const _ of watch(signal)) {
        if (signal.aborted) return;
        const began = performance.now();
        settle(null, await refresh());
        await pause(Math.max(0, interval - (performance.now() - began)), signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      settle(messageOf(error), false);
      await pause(1000, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener("abort", end);
  });
}
