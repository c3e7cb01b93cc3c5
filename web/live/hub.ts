/** One watch a run for the whole process: however many tabs are open, run state is read once. */
import type { RunStore } from "../../core/run/store/types.ts";
import { createListTopic, type ListTopic } from "./list_topic.ts";
import { createRunTopic, type RunTopic } from "./run_topic.ts";

/** Shares the reading of run state between subscribers. */
export interface Hub {
  /** The run's topic; call `release` when done, or its watch goes on. */
  run(id: string): Lease<RunTopic>;
  list(): Lease<ListTopic>;
  /** Leases that are not released: open streams. */
  readonly readers: number;
  /** Watches that are active: at most one a run, and one for the list. */
  readonly watching: number;
  close(): void;
}

/** A shared topic, counted. */
export interface Lease<T> {
  topic: T;
  release(): void;
}

/**
 * @param store where run state lives
 * @param lingerMilliseconds a topic outlives its last subscriber by this, so that reloads stay
 * cheap
 */
export function createHub(store: RunStore, lingerMilliseconds = 2000): Hub {
  const entries = new Map<string, Entry<RunTopic | ListTopic>>();

  function lease<T extends RunTopic | ListTopic>(key: string, create: () => T): Lease<T> {
    let entry = entries.get(key) as Entry<T> | undefined; // a key is made by one `create` only
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
