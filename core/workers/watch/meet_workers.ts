/** How workers find each other: each reaches out to those of lower rank, and receives the others. */
import type { WorkerPlace } from "../../backend/types.ts";
import { addressText } from "../../host_port.ts";
import { type Link, openLink } from "./link.ts";
import { PROTOCOL, type WatchMessage } from "./message.ts";
import { watchAddress } from "./watch_address.ts";

/** Between two tries to reach a worker, and the patience for its answer, ms. */
const RETRY = 500, ANSWER = 3000;

/** What comes of it. */
export interface MeetingEvents {
  /** Whether that worker is still waited for. */
  isWanted(rank: number): boolean;
  onMet(rank: number, link: Link): void;
  onMessage(rank: number, message: WatchMessage): void;
  onClosed(rank: number, link: Link): void;
  /** Why a worker isn't there yet. */
  onTrouble(rank: number, reason: string): void;
  /** This worker fits the others not. */
  onRefused(reason: string): void;
}

/** Reads the first message. @returns the rank of who speaks, or -1 to end the connection */
type Greeting = (message: WatchMessage, link: Link) => number;

/**
 * Receives from now on.
 * @returns what reaches out to one of lower rank until it is met or no longer wanted
 */
export function meetWorkers(
  { addresses, rank: own }: WorkerPlace,
  listener: Deno.TcpListener,
  events: MeetingEvents,
): (rank: number) => Promise<void> {
  const cluster = addresses.join();
  const hello: WatchMessage = { type: "hello", protocol: PROTOCOL, cluster, rank: own };

  /** @returns the link, and the rank that was met by the time it closes, or is met */
  function speak(connection: Deno.Conn, greet: Greeting) {
    let rank = -1;
    const met = Promise.withResolvers<number>();
    const timer = setTimeout(() => void link.close(), ANSWER);
    const link: Link = openLink(connection, {
      onMessage(message) {
        if (rank >= 0) return events.onMessage(rank, message);
        rank = greet(message, link);
        if (rank < 0) return void link.close();
        clearTimeout(timer);
        met.resolve(rank);
        events.onMet(rank, link);
      },
      onClosed() {
        clearTimeout(timer);
        met.resolve(-1);
        if (rank >= 0) events.onClosed(rank, link);
      },
    });
    return { link, met: met.promise };
  }

  function receive(message: WatchMessage, link: Link): number {
    if (message.type !== "hello") return -1;
    const { rank, protocol } = message;
    const reason = protocol !== PROTOCOL
      ? `worker ${own} is another version of Cambium`
      : message.cluster !== cluster || rank <= own || rank >= addresses.length
      ? `expected the same --cluster and a --rank of its own on all, received ` +
        `${message.cluster} and rank ${rank} where worker ${own} has ${cluster}`
      : undefined;
    if (reason === undefined && events.isWanted(rank)) {
      link.send(hello);
      return rank;
    }
    const busy = `worker ${own} is still with an earlier process of rank ${rank}`;
    link.send({ type: "refused", reason: reason ?? busy, forGood: reason !== undefined });
    return -1;
  }

  const answers = (rank: number): Greeting => (message) => {
    if (message.type === "hello" && message.rank === rank) return rank;
    if (message.type === "refused" && message.forGood) events.onRefused(message.reason);
    else if (message.type === "refused") events.onTrouble(rank, message.reason);
    else events.onTrouble(rank, `something else answers at ${addressText(addressOf(rank))}`);
    return -1;
  };

  const addressOf = (rank: number) => watchAddress(addresses[rank]!); // of those that are met

  (async () => {
    for await (const connection of listener) speak(connection, receive);
  })().catch(() => {}); // the listener was closed
  return async (rank) => {
    while (events.isWanted(rank)) {
      try {
        const signal = AbortSignal.timeout(ANSWER); // a cut network answers nothing
        const connection = await Deno.connect({ ...addressOf(rank), signal });
        const { link, met } = speak(connection, answers(rank));
        link.send(hello);
        if (await met >= 0) return;
      } catch {
        // not there yet
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  };
}
