/** Runs a light task at once, and a heavy one after the heavy tasks before it. */
export type Queue = <T>(isHeavy: boolean, run: () => Promise<T>) => Promise<T>;

/** A queue for tasks of which only one at a time may use much memory. */
export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();
  return (isHeavy, run) => {
    if (!isHeavy) return run();
    const turn = last.then(run);
    last = turn.catch(() => {}); // reported to its caller
    return turn;
  };
}
