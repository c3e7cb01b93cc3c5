/** Connects the workers: each one connects to those of lower rank and accepts the others. */
import type { WorkerPlace } from "../../backend/types.ts";
import { addressText } from "../../host_port.ts";
import { type Link, openLink } from "./link.ts";
import { PROTOCOL, type WatchMessage } from "./message.ts";
import { watchAddress } from "./watch_address.ts";

/** Pause between two attempts to connect, and time limit for an answer, milliseconds. */
const RETRY = 500, ANSWER_TIMEOUT = 3000;

/** Callbacks of {@linkcode meetWorkers}. */
export interface MeetingEvents {
  /** Whether that worker is still awaited. */
  isWanted(rank: number): boolean;
  onMet(rank: number, link: Link): void;
  onMessage(rank: number, message: WatchMessage): void;
  onClosed(rank: number, link: Link): void;
  /** Why a worker isn't connected yet. */
  onTrouble(rank: number, reason: string): void;
  /** Another worker refused this one for good: their clusters or versions differ. */
  onRefused(reason: string): void;
}

/**
 * Handles the first message.
 * @returns the sender's rank, or -1 to close the connection
 */
type Greeting = (message: WatchMessage, link: Link) => number;

/**
 * Starts accepting connections.
 * @returns a function that connects to a worker of lower rank, retrying until it is met or no
 * longer wanted
 */
export function meetWorkers(
  { addresses, rank: own }: WorkerPlace,
  listener: Deno.TcpListener,
  events: MeetingEvents,
): (rank: number) => Promise<void> {
  const cluster = addresses.join();
  const hello: WatchMessage = { type: "hello", protocol: PROTOCOL, cluster, rank: own };

  /** @returns the link, and a promise of the peer's rank, or of -1 where it closes before that */
  function converse(connection: Deno.Conn, greet: Greeting) {
    let rank = -1;
    const met = Promise.withResolvers<number>();
    const timer = setTimeout(() => void link.close(), ANSWER_TIMEOUT);
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

  // ranks are below addresses.length
  const addressOf = (rank: number) => watchAddress(addresses[rank]!);

  (async () => {
    for await (const connection of listener) converse(connection, receive);
  })().catch(() => {}); // the listener was closed: leave() ends the accepting
  return async (rank) => {
    while (events.isWanted(rank)) {
      try {
        const signal = AbortSignal.timeout(ANSWER_TIMEOUT); // on a broken network nothing answers
        const connection = await Deno.connect({ ...addressOf(rank), signal });
        const { link, met } = converse(connection, answers(rank));
        link.send(hello);
        if (await met >= 0) return;
      } catch {
        // not reachable yet
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY));
    }
  };
}
