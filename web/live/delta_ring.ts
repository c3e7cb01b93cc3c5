/**
 * The newest changes, each from one position to the next, as text that is built once for all
 * readers.
 */
export interface DeltaRing<P> {
  /** The newest position; undefined before {@linkcode DeltaRing.startAt}. */
  readonly end: P | undefined;
  startAt(position: P): void;
  push(to: P, text: string): void;
  /** Changes after `position`, oldest first; undefined if they are no longer held. */
  since(position: P): { to: P; text: string }[] | undefined;
  clear(): void;
}

/** @param capacity changes to hold; readers that are further behind ask the store */
export function createDeltaRing<P>(capacity: number): DeltaRing<P> {
  let held: { from: P; to: P; text: string }[] = [];
  let end: P | undefined;
  return {
    get end() {
      return end;
    },
    startAt(position) {
      held = [];
      end = position;
    },
    push(to, text) {
      if (end === undefined) throw new RangeError("Cannot push a change: expected startAt() first");
      held.push({ from: end, to, text });
      if (held.length > capacity) held.shift();
      end = to;
    },
    since(position) {
      if (position === end) return [];
      const first = held.findIndex(({ from }) => from === position);
      return first < 0 ? undefined : held.slice(first);
    },
    clear() {
      held = [];
      end = undefined;
    },
  };
}
