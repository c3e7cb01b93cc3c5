/**
 * Delivers events to one observer across failures such as a full disk or a locked run store. Events
 * that it could not take are queued and sent again, in order, so that no gap remains; training does
 * not wait for this.
 */
import type { Observer, RunEvent } from "../events.ts";
import { messageOf } from "../text.ts";

/**
 * Longest time that training waits for an observer, milliseconds; slower deliveries continue in the
 * background.
 */
const PATIENCE = 1000;

/**
 * Pause before the first retry, milliseconds; each further pause is twice as long, up to {@linkcode
 * LONGEST_PAUSE}.
 */
const FIRST_PAUSE = 1000, LONGEST_PAUSE = 60_000;

/**
 * Most events that are queued; beyond it, the oldest measurements and log lines are dropped first.
 */
const MOST_KEPT = 10_000;

/**
 * After this many tries of one event, the next event is tried as well: if that succeeds, the fault
 * lies in the first event, which is dropped.
 */
const TRIES_OF_ONE = 5;

/**
 * Kinds that may be dropped when too many events are queued; the others are few, and later events
 * depend on them.
 */
const DISPENSABLE: readonly RunEvent["type"][] = [
  "progress",
  "metrics",
  "log",
  "recorded",
  "panel",
];

/** Sends events to one observer. */
export interface ObserverFeed {
  /**
   * Resolves when the observer has taken the event, or when training should wait no longer. For
   * "end", it resolves once all queued events have been tried again, however long that takes.
   */
  send(event: RunEvent): Promise<void>;
}

export interface ObserverFeedOptions {
  /** Called once when the observer fails, and once when it has caught up. */
  tell(level: "info" | "warning", message: string): Promise<void>;
  /** A monotonic clock, milliseconds. */
  now?(): number;
  /** See {@linkcode PATIENCE}. */
  patience?: number;
}

/** A feed of one observer; until the observer fails, it passes every event straight on. */
export function createObserverFeed(
  observer: Observer,
  { tell, now = () => performance.now(), patience = PATIENCE }: ObserverFeedOptions,
): ObserverFeed {
  const waiting: RunEvent[] = [];
  let delivering: Promise<void> | undefined;
  let lost: { since: number; tries: number; next: number } | undefined;
  let leftOut = 0;

  /** Hands over queued events until the observer fails or the queue is empty. */
  async function deliver(): Promise<void> {
    for (let event = waiting.shift(); event; event = waiting.shift()) {
      try {
        await observer.on(event);
      } catch (error) {
        if (lost && lost.tries >= TRIES_OF_ONE && await nextSucceeds()) {
          leftOut++;
          continue;
        }
        waiting.unshift(event);
        return await fail(error);
      }
      if (lost) lost.tries = 0;
    }
    if (!lost) return;
    const seconds = Math.round((now() - lost.since) / 1000), gap = leftOut;
    [lost, leftOut] = [undefined, 0];
    const missing = gap === 0 ? "nothing is missing" : `events left out: ${gap}`;
    await tell("info", `${observer.name} works again after ${seconds} s; ${missing}`);
  }

  async function nextSucceeds(): Promise<boolean> {
    const next = waiting.shift();
    if (!next) return false;
    try {
      await observer.on(next);
      return true;
    } catch {
      waiting.unshift(next);
      return false;
    }
  }

  async function fail(error: unknown): Promise<void> {
    const since = lost?.since ?? now(), tries = (lost?.tries ?? 0) + 1, isFirst = !lost;
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (tries - 1));
    lost = { since, tries, next: now() + pause };
    if (!isFirst) return;
    await tell(
      "warning",
      `${observer.name} failed: ${
        messageOf(error)
      }. Training goes on; what it misses is kept, and it is tried again`,
    );
  }

  function keep(event: RunEvent): void {
    const older = waiting.findLastIndex((other) => isReplacedBy(other, event));
    if (older >= 0) waiting.splice(older, 1);
    waiting.push(event);
    if (waiting.length <= MOST_KEPT) return;
    const oldest = waiting.findIndex(({ type }) => DISPENSABLE.includes(type));
    waiting.splice(Math.max(0, oldest), 1);
    leftOut++;
  }

  function begin(): Promise<void> {
    const ended = delivering = deliver().finally(() => {
      if (delivering === ended) delivering = undefined;
    });
    return ended;
  }

  return {
    async send(event) {
      keep(event);
      if (event.type === "end") {
        await delivering;
        if (waiting.length > 0) await begin();
        const missing = waiting.length + leftOut;
        if (lost) {
          await tell("warning", `${observer.name} still fails; events that it misses: ${missing}`);
        }
        return;
      }
      if (delivering) return;
      // the trainer just wrote a checkpoint: the disk may have room again
      const isUrgent = event.type === "checkpoint";
      if (lost && !isUrgent && now() < lost.next) return;
      await within(begin(), patience);
    },
  };
}

/** Whether a queued event is superseded: a later state of the same thing makes it redundant. */
function isReplacedBy(before: RunEvent, event: RunEvent): boolean {
  if (event.type === "tick") return before.type === "tick";
  if (event.type !== "panel" || before.type !== "panel") return false;
  return before.entry.plugin === event.entry.plugin && before.entry.name === event.entry.name;
}

async function within(work: Promise<void>, milliseconds: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => timer = setTimeout(resolve, milliseconds));
  await Promise.race([work, late]);
  clearTimeout(timer);
}
