/**
 * Watches the other workers in a separate thread, which keeps running while TensorFlow blocks the
 * training thread, and which ends the process if the training thread does not.
 */
/// <reference lib="deno.worker" />
import { hostPort } from "../../core/host_port.ts";
import { openLink } from "../../core/workers/watch/link.ts";
import { expectFree } from "../../core/workers/watch/listen_at.ts";
import { PROTOCOL, type WatchMessage } from "../../core/workers/watch/message.ts";
import {
  WATCH_TIMES,
  watchWorkers,
  type WorkersWatch,
} from "../../core/workers/watch/watch_workers.ts";
import { WORKER_LOST } from "../../core/workers/worker_lost_error.ts";
import { messageOf, printable } from "../../core/text.ts";
import { exitNow } from "../terminal/exit_now.ts";
import type { LauncherAddress, WatchOrder, WatchReport } from "./watch_orders.ts";

/**
 * Time for the training thread to end by itself after a worker is lost, ms. Together with the
 * silence before it, this stays under 10 s.
 */
const GRACE = 2000;

const report = (report: WatchReport) => self.postMessage(report);

let watch: WorkersWatch | undefined;
let tellLauncher: (message: WatchMessage) => void = () => {};

self.onmessage = async ({ data }: MessageEvent<WatchOrder>) => {
  switch (data.type) {
    case "start":
      try {
        await start(data);
      } catch (error) {
        report({ type: "refused", message: messageOf(error) });
      }
      return;
    case "run":
      watch?.tellRun(data.id);
      return tellLauncher({ type: "run", id: data.id });
    case "pace":
      return watch?.tellPace(data.pace);
    case "leave":
      tellLauncher = () => {};
      await watch?.leave(data.code, data.reason);
      report({ type: "left" });
  }
};

type Start = WatchOrder & { type: "start" };

async function start({ place, join, launcher }: Start): Promise<void> {
  // TensorFlow listens on all addresses of the machine
  expectFree({ ...hostPort(place.addresses[place.rank]!), hostname: "0.0.0.0" });
  if (launcher) tellLauncher = await openToLauncher(launcher, place.rank);
  watch = watchWorkers({
    place,
    times: { ...WATCH_TIMES, join },
    onWaiting: (missing) => report({ type: "waiting", missing }),
    onJoined: () => report({ type: "joined" }),
    onLost: ({ message, exitCode }) => lose(message, exitCode),
    onPaces: (rows) => report({ type: "paces", rows }),
    onRun: (id) => tellLauncher({ type: "run", id }),
  });
}

function lose(message: string, exitCode: number): void {
  report({ type: "lost", message, exitCode });
  setTimeout(() => {
    const line = Deno.stderr.isTerminal() ? "\r\x1b[K" : "";
    try {
      Deno.stderr.writeSync(
        new TextEncoder().encode(`${line}error: ${printable(message)}\n`),
      );
    } catch {
      // A closed terminal cannot show the message; the process ends anyway.
    }
    exitNow(exitCode);
  }, GRACE);
}

/** Sends heartbeats to the process that started this one, without which this one must not go on. */
async function openToLauncher({ port, token }: LauncherAddress, rank: number) {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const link = openLink(connection, {
    onMessage() {},
    onClosed() {
      lose("Cannot go on: the process that started this worker is gone", WORKER_LOST);
    },
  });
  link.send({ type: "hello", protocol: PROTOCOL, cluster: token, rank });
  setInterval(() => link.send({ type: "beat" }), WATCH_TIMES.beat);
  return link.send;
}
