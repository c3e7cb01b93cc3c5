/**
 * One watcher per run for the whole process: run state is read once, however many tabs are open.
 */
import type { RunStore } from "../../core/run/store/types.ts";
import { createListTopic, type ListTopic } from "./list_topic.ts";
import { createRunTopic, type RunTopic } from "./run_topic.ts";

/** Shares the reading of run state among subscribers. */
export interface Hub {
  /** The run's topic. Call `release` when done, or its watcher keeps running. */
  run(id: string): Lease<RunTopic>;
  list(): Lease<ListTopic>;
  /** Leases that have not been released, that is, open streams. */
  readonly readers: number;
  /** Active watchers: at most one per run, and one for the list. */
  readonly watching: number;
  close(): void;
}

/** A reference-counted topic. */
export interface Lease<T> {
  topic: T;
  release(): void;
}

/**
 * @param store where run state is stored
 * @param lingerMilliseconds time that a topic outlives its last subscriber, so that reloads stay
 * cheap
 */
export function createHub(store: RunStore, lingerMilliseconds = 2000): Hub {
  const entries = new Map<string, Entry<RunTopic | ListTopic>>();

  function lease<T extends RunTopic | ListTopic>(key: string, create: () => T): Lease<T> {
    let entry = entries.get(key) as Entry<T> | undefined; // each key always uses the same `create`
    if (!entry) entries.set(key, entry = { topic: create(), readers: 0, timer: undefined });
    clearTimeout(entry.timer);
    entry.readers++;
    const mine = entry;
    let released = false;
    return {
      topic: mine.topic,
      release() {
        if (released) return;
        released = true;
        if (--mine.readers > 0) return;
        const end = () => {
          mine.topic.stop();
          if (entries.get(key) === mine) entries.delete(key);
        };
        if (lingerMilliseconds === 0) end();
        else mine.timer = setTimeout(end, lingerMilliseconds);
      },
    };
  }

  return {
    run: (id) => lease(`run ${id}`, () => createRunTopic(store, id)),
    list: () => lease("list", () => createListTopic(store)),
    get readers() {
      return [...entries.values()].reduce((sum, { readers }) => sum + readers, 0);
    },
    get watching() {
      return entries.size;
    },
    close() {
      for (const { topic, timer } of entries.values()) {
        clearTimeout(timer);
        topic.stop();
      }
      entries.clear();
    },
  };
}

interface Entry<T> {
  topic: T;
  readers: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}
