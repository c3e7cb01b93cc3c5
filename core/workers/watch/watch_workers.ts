/**
 * Each worker watches all others: it hears every second from each, and tells where one is silent or
 * gone. It runs on a thread of its own, for TensorFlow may hold up the one that trains, and knows
 * nothing of the training.
 */
import type { WorkerPlace } from "../../backend/types.ts";
import { hostPort } from "../../host_port.ts";
import { WORKER_LOST } from "../worker_lost_error.ts";
import { PaceTable, type WorkerPace, type WorkerRow } from "../worker_pace.ts";
import type { Link } from "./link.ts";
import { expectReachable, listenAt } from "./listen_at.ts";
import { lossText, workersText } from "./loss_text.ts";
import { meetWorkers } from "./meet_workers.ts";
import type { WatchMessage } from "./message.ts";
import { watchAddress } from "./watch_address.ts";

/** Times in milliseconds. */
export interface WatchTimes {
  /** Between two signs of life. */
  beat: number;
  /** A worker that says nothing for so long is lost. */
  silence: number;
  /** At the start: until it is told who is missing. */
  tell: number;
  /** At the start: until this worker gives up. */
  join: number;
}

/** Others are to notice within 10 s; a busy machine may hold beats up for some. */
export const WATCH_TIMES = { beat: 1000, silence: 7000, tell: 5000 } as const;

/** How often is looked, ms; who looks that much later was frozen itself. */
const TICK = 250, FROZEN = 2000;

/** What is told to the one who watches. */
export interface WatchEvents {
  /** Who isn't there yet, as text. */
  onWaiting(missing: string): void;
  /** All are there. */
  onJoined(): void;
  /** Once, then nothing more. */
  onLost(loss: { message: string; exitCode: number }): void;
  /** The id of the run, from rank 0. */
  onRun(id: string): void;
  /** On rank 0: how all do, once all have told of an image. */
  onPaces(rows: WorkerRow[]): void;
}

/** Where and how long to watch. */
export interface WatchOptions extends WatchEvents {
  place: WorkerPlace;
  times: WatchTimes;
}

/** The watch of one worker. */
export interface WorkersWatch {
  /** Tells all others which run it is. */
  tellRun(id: string): void;
  /** Tells rank 0 how this worker does. */
  tellPace(pace: WorkerPace): void;
  /** Takes leave, so that the others don't take this worker for lost where `code` is 0. */
  leave(code: number, reason: string): Promise<void>;
}

interface Peer {
  link: Link | undefined;
  heardAt: number; // performance.now()
  isDone: boolean; // the run is over for it
  trouble: string; // why it isn't there yet
}

const hostOf = (address: string) => hostPort(address).hostname;

/** @throws ConfigError where the port can't be listened at */
export function watchWorkers(options: WatchOptions): WorkersWatch {
  const { place, times } = options, { addresses, rank: own, listen } = place;
  const here = watchAddress(addresses[own]!); // a checked place
  const listener = listenAt(listen ? { ...here, hostname: listen } : here);
  if (!listen) expectReachable(listener.addr.hostname, here.hostname, addresses.map(hostOf));
  const peers = addresses.map((): Peer => ({
    ...{ link: undefined, heardAt: 0, isDone: false, trouble: "" },
  }));
  const others = [...peers.keys()].filter((rank) => rank !== own);
  let state: "joining" | "together" | "over" = "joining", run: string | undefined;
  const startedAt = performance.now();
  let lastTick = startedAt, lastBeat = startedAt, told = "";

  const paces = new PaceTable(addresses.length);

  const linked = () => others.filter((rank) => peers[rank]!.link);
  const broadcast = (message: WatchMessage) => {
    for (const rank of linked()) peers[rank]!.link!.send(message);
  };

  function end(message: WatchMessage, loss: { message: string; exitCode: number }): void {
    if (state === "over") return;
    state = "over";
    broadcast(message);
    options.onLost(loss);
  }

  function lose(ranks: number[], what: string, code = WORKER_LOST): void {
    const message = lossText(place, { ranks, what });
    end({ type: "lost", rank: ranks[0]!, what, code }, { message, exitCode: code }); // one at least
  }

  function giveUp(reason: string, code: number): void {
    const message = `Cannot train together: ${reason}`;
    end({ type: "end", code, reason: message }, { message, exitCode: code });
  }

  function take(rank: number, pace: WorkerPace): void {
    const rows = paces.add(rank, pace, performance.now());
    if (rows) options.onPaces(rows);
  }

  function hear(rank: number, message: WatchMessage): void {
    const peer = peers[rank]!;
    peer.heardAt = performance.now();
    if (message.type === "run" && rank === 0) options.onRun(message.id);
    if (message.type === "pace" && own === 0) {
      const { type: _, ...pace } = message;
      take(rank, pace);
    }
    if (message.type === "end") {
      peer.isDone = message.code === 0;
      peer.trouble = message.reason;
      if (peer.isDone || state !== "together") return;
      lose([rank], `ended with an error: ${message.reason}`, message.code);
    }
    if (message.type !== "lost" || state !== "together") return;
    if (message.rank !== own) return lose([message.rank], message.what, message.code);
    giveUp(
      `${workersText(place, [rank])} lost this worker, which ${message.what}. Start all again ` +
        `with --resume`,
      message.code,
    );
  }

  const reach = meetWorkers(place, listener, {
    isWanted: (rank) => state === "joining" && !peers[rank]!.link,
    onMet(rank, link) {
      Object.assign(peers[rank]!, { link, heardAt: performance.now(), trouble: "" });
      if (run !== undefined) link.send({ type: "run", id: run });
      if (state !== "joining" || linked().length < others.length) return;
      state = "together";
      options.onJoined();
    },
    onMessage: hear,
    onClosed(rank, link) {
      const peer = peers[rank]!;
      if (peer.link !== link) return;
      peer.link = undefined;
      if (state === "joining" && rank < own) void reach(rank);
      if (state !== "together" || peer.isDone) return;
      lose([rank], "is gone: its process ended or crashed");
    },
    onTrouble: (rank, reason) => void (peers[rank]!.trouble = reason),
    onRefused: (reason) => giveUp(reason, 2),
  });

  function tick(): void {
    const now = performance.now(), gap = now - lastTick;
    lastTick = now;
    if (gap > FROZEN) { for (const peer of peers) peer.heardAt += gap; }
    if (now - lastBeat >= times.beat) {
      lastBeat = now;
      broadcast({ type: "beat" });
    }
    const silentFor = (time: number) =>
      linked().filter((rank) => !peers[rank]!.isDone && now - peers[rank]!.heardAt > time);
    // Beats come at moments of their own: of a network that is cut, some are missed before others.
    const silent = silentFor(times.silence).length > 0 ? silentFor(times.silence / 2) : [];
    if (state === "joining") {
      for (const rank of silent) void peers[rank]!.link!.close();
      wait(now - startedAt);
    } else if (silent.length > 0) {
      const verb = silent.length > 1 ? "have" : "has", seconds = Math.round(times.silence / 1000);
      lose(
        silent,
        `${verb} not been heard of for ${seconds} s: frozen, or the network between is cut`,
      );
    }
  }

  function wait(waited: number): void {
    const missing = others.filter((rank) => !peers[rank]!.link);
    const why = new Set(missing.map((rank) => peers[rank]!.trouble).filter(Boolean));
    const text = [workersText(place, missing), ...why].join("; ");
    if (waited >= times.join) {
      giveUp(
        `${text} did not come within ${Math.round(times.join / 1000)} s. Start all workers at ` +
          `about the same time, with the same --cluster, where they reach each other's ports; ` +
          `--join-timeout gives slow ones more time`,
        WORKER_LOST,
      );
    } else if (waited >= times.tell && text !== told) options.onWaiting(told = text);
  }

  const timer = setInterval(tick, TICK);
  for (let rank = 0; rank < own; rank++) void reach(rank);
  return {
    tellRun(id) {
      run = id;
      broadcast({ type: "run", id });
    },
    tellPace(pace) {
      if (own === 0) take(own, pace);
      else peers[0]!.link?.send({ type: "pace", ...pace }); // there are two at least
    },
    async leave(code, reason) {
      state = "over";
      clearInterval(timer);
      listener.close();
      broadcast({ type: "end", code, reason });
      await Promise.all(linked().map((rank) => peers[rank]!.link!.close()));
    },
  };
}
