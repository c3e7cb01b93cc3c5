/** What the processes that this one started say of themselves: that they live, and which run it is. */
import { openLink } from "../../core/workers/watch/link.ts";
import type { LauncherAddress } from "./watch_orders.ts";

/**
 * A child that says nothing for so long is frozen, ms: longer than the others take to notice, so
 * that they can say it first.
 */
const SILENCE = 9000;

/** How often is looked, ms; who looks that much later was frozen itself. */
const TICK = 500, FROZEN = 2000;

/** Hears them until it is closed. */
export interface ChildWorkers {
  readonly address: LauncherAddress;
  /** The id of the run, once one of them knows it. */
  readonly run: string | undefined;
  close(): void;
}

/** Listens on loopback. @param onFrozen told once of each rank */
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
      onClosed: () => void heardAt.delete(rank), // it ends
    });
  }

  const timer = setInterval(() => {
    const now = performance.now(), gap = now - lastTick;
    lastTick = now;
    for (const [rank, at] of heardAt) {
      if (gap > FROZEN) heardAt.set(rank, at + gap);
      else if (now - at > SILENCE) {
        heardAt.delete(rank);
        onFrozen(rank);
      }
    }
  }, TICK);
  (async () => {
    for await (const connection of listener) hear(connection);
  })().catch(() => {}); // it was closed
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
