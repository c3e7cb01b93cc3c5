/**
 * Listens to the worker processes that this one started: that they are alive, and which run they
 * train.
 */
import { openLink } from "../../core/workers/watch/link.ts";
import type { LauncherAddress } from "./watch_orders.ts";

/**
 * A child that is silent for this long counts as frozen, ms. This is longer than the other workers
 * take to notice, so that they can report it first.
 */
const FROZEN_AFTER = 9000;

/** Interval of the checks, ms; after a gap of SUSPENDED, this process itself was suspended. */
const TICK = 500, SUSPENDED = 2000;

/** Listens until it is closed. */
export interface ChildWorkers {
  readonly address: LauncherAddress;
  /** The run's id, once a worker has reported it. */
  readonly run: string | undefined;
  close(): void;
}

/** Listens on loopback. @param onFrozen called once for each frozen rank */
export function hearChildren(onFrozen: (rank: number) => void): ChildWorkers {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const address = { port: listener.addr.port, token: crypto.randomUUID() };
  const heardAt = new Map<number, number>();
  let run: string | undefined, lastTick = performance.now();

  function hear(connection: Deno.Conn): void {
    let rank = -1;
    const link = openLink(connection, {
      onMessage(message) {
        if (message.type === "hello" && message.cluster === address.token) rank = message.rank;
        if (rank < 0) return void link.close();
        heardAt.set(rank, performance.now());
        if (message.type === "run") run = message.id;
      },
      onClosed: () => void heardAt.delete(rank), // the worker is ending
    });
  }

  const timer = setInterval(() => {
    const now = performance.now(), gap = now - lastTick;
    lastTick = now;
    for (const [rank, at] of heardAt) {
      if (gap > SUSPENDED) heardAt.set(rank, at + gap);
      else if (now - at > FROZEN_AFTER) {
        heardAt.delete(rank);
        onFrozen(rank);
      }
    }
  }, TICK);
  (async () => {
    for await (const connection of listener) hear(connection);
  })().catch(() => {}); // the listener was closed
  return {
    address,
    get run() {
      return run;
    },
    close() {
      clearInterval(timer);
      listener.close();
    },
  };
}
