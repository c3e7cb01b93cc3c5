/**
 * Each worker watches all others: it gets a heartbeat from each every second, and reports when one
 * is silent or gone. The watch runs on a thread of its own, since TensorFlow may block the training
 * thread, and knows nothing of the training.
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

/** Timeouts, milliseconds. */
export interface WatchTimes {
  /** Interval between two heartbeats. */
  beat: number;
  /** A worker that is silent for this long is lost. */
  silence: number;
  /** At the start: time until missing workers are reported. */
  tell: number;
  /** At the start: time until this worker gives up. */
  join: number;
}

/** A loss should be noticed within 10 s; a busy machine may delay heartbeats by some seconds. */
export const WATCH_TIMES = { beat: 1000, silence: 7000, tell: 5000 } as const;

/**
 * Interval of the checks, milliseconds; a check that much later means that this process was frozen
 * itself.
 */
const TICK = 250, FROZEN = 2000;

/** Callbacks of the watch. */
export interface WatchEvents {
  /** Some workers are missing, listed in words. */
  onWaiting(missing: string): void;
  /** All workers are connected. */
  onJoined(): void;
  /** Called once; no other callback follows. */
  onLost(loss: { message: string; exitCode: number }): void;
  /** The id of the run, from rank 0. */
  onRun(id: string): void;
  /** On rank 0: the pace of all workers, once all have reported for an image. */
  onPaces(rows: WorkerRow[]): void;
}

/** Options of {@linkcode watchWorkers}. */
export interface WatchOptions extends WatchEvents {
  place: WorkerPlace;
  times: WatchTimes;
}

/** The watch of one worker. */
export interface WorkersWatch {
  /** Sends the run's id to all others. */
  tellRun(id: string): void;
  /** Reports this worker's pace to rank 0. */
  tellPace(pace: WorkerPace): void;
  /**
   * Says goodbye and closes, so that the others don't take this worker for lost where `code` is 0.
   */
  leave(code: number, reason: string): Promise<void>;
}

interface Peer {
  link: Link | undefined;
  heardAt: number; // performance.now()
  isDone: boolean; // it left with exit code 0
  trouble: string; // why it isn't connected yet
}

const hostOf = (address: string) => hostPort(address).hostname;

/** @throws ConfigError where the watch can't listen at its port */
export function watchWorkers(options: WatchOptions): WorkersWatch {
  const { place, times } = options, { addresses, rank: own, listen } = place;
  const here = watchAddress(addresses[own]!); // `rank` was checked by clusterPlace()
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
    end({ type: "lost", rank: ranks[0]!, what, code }, { message, exitCode: code }); // not empty
  }

  function giveUp(reason: string, code: number): void {
    const message = `Cannot train together: ${reason}`;
    end({ type: "end", code, reason: message }, { message, exitCode: code });
  }

  function addPace(rank: number, pace: WorkerPace): void {
    const rows = paces.add(rank, pace, performance.now());
    if (rows) options.onPaces(rows);
  }

  function onMessage(rank: number, message: WatchMessage): void {
    const peer = peers[rank]!;
    peer.heardAt = performance.now();
    if (message.type === "run" && rank === 0) options.onRun(message.id);
    if (message.type === "pace" && own === 0) {
      const { type: _, ...pace } = message;
      addPace(rank, pace);
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
    onMessage,
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
    // Heartbeats aren't synchronous: when the network breaks, some peers exceed the limit a little
    // before others that are lost as well.
    const silent = silentFor(times.silence).length > 0 ? silentFor(times.silence / 2) : [];
    if (state === "joining") {
      for (const rank of silent) void peers[rank]!.link!.close();
      checkMissing(now - startedAt);
    } else if (silent.length > 0) {
      const verb = silent.length > 1 ? "have" : "has", seconds = Math.round(times.silence / 1000);
      lose(
        silent,
        `${verb} not been heard from for ${seconds} s: frozen, or the network between is cut`,
      );
    }
  }

  function checkMissing(waited: number): void {
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
      if (own === 0) addPace(own, pace);
      else peers[0]!.link?.send({ type: "pace", ...pace }); // a cluster has at least two workers
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
