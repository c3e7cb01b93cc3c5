/** Hands events to observers in order. */
import type { Observer, RunEvent } from "../events.ts";
import { messageOf } from "../text.ts";

/** Resolves when every observer has taken the event. */
export type Emit = (event: RunEvent) => Promise<void>;

/**
 * An observer that fails is switched off and told once to the others: the run goes on.
 * @param imagesSeen for the log line that tells of it
 */
export function createEmitter(observers: readonly Observer[], imagesSeen: () => number): Emit {
  const muted = new Set<Observer>();
  return async function emit(event) {
    for (const observer of observers) {
      if (muted.has(observer)) continue;
      try {
        await observer.on(event);
      } catch (error) {
        muted.add(observer);
        const message = `${observer.name} failed: ${
          messageOf(error)
        }. It is switched off; training goes on.`;
        const line = { time: Date.now(), imagesSeen: imagesSeen(), message, code: "observer" };
        await emit({ type: "log", line: { ...line, level: "warning" } });
      }
    }
  };
}
