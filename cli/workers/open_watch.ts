/** The watch over the other workers, from the thread that trains. */
import type { WorkerPlace } from "../../core/backend/types.ts";
import { ConfigError } from "../../core/config/mod.ts";
import type { Notices } from "../../core/run/notices.ts";
import type { WorkersPace } from "../../core/trainer/train_options.ts";
import type { WorkerRow } from "../../core/workers/worker_pace.ts";
import { WorkerLostError } from "../../core/workers/worker_lost_error.ts";
import { LAUNCHER, launcherAddress, type WatchOrder, type WatchReport } from "./watch_orders.ts";

/** Where this worker is, and how long it waits for the others. */
export interface OpenWatchOptions {
  place: WorkerPlace;
  /** Seconds. */
  joinTimeout: number;
}

/** All workers are there. */
export interface OpenWatch extends WorkersPace {
  /** Aborted with a WorkerLostError. */
  readonly lost: AbortSignal;
  /** Tells the others, and who started this process, which run it is. */
  tellRun(id: string): void;
  /** The last thing: the others hear how this worker ended. */
  leave(code: number, reason: string): Promise<void>;
}

/**
 * Waits until all workers are there.
 * @throws ConfigError where the port can't be had, WorkerLostError where a worker doesn't come
 */
export async function openWatch(
  { place, joinTimeout }: OpenWatchOptions,
  notices: Pick<Notices, "warn">,
): Promise<OpenWatch> {
  const thread = new Worker(new URL("./watch_thread.ts", import.meta.url), { type: "module" });
  const order = (order: WatchOrder) => thread.postMessage(order);
  const lost = new AbortController();
  const joined = Promise.withResolvers<void>(), left = Promise.withResolvers<void>();
  let rows: readonly WorkerRow[] = [];
  const fail = (error: Error) => {
    lost.abort(error);
    joined.reject(error);
  };
  thread.onmessage = ({ data }: MessageEvent<WatchReport>) => {
    if (data.type === "waiting") notices.warn(`waiting for ${data.missing}`);
    if (data.type === "joined") joined.resolve();
    if (data.type === "refused") fail(new ConfigError(data.message));
    if (data.type === "lost") fail(new WorkerLostError(data.message, data.exitCode));
    if (data.type === "paces") rows = data.rows;
    if (data.type === "left") left.resolve();
  };
  thread.onerror = (event) => {
    event.preventDefault();
    fail(new Error(`Cannot watch the other workers: ${event.message}`));
    left.resolve();
  };
  const launcher = launcherAddress(Deno.env.get(LAUNCHER));
  order({ type: "start", place, join: joinTimeout * 1000, launcher });
  await joined.promise;
  return {
    lost: lost.signal,
    tell: (pace) => order({ type: "pace", pace }),
    get rows() {
      return rows;
    },
    tellRun: (id) => order({ type: "run", id }),
    async leave(code, reason) {
      order({ type: "leave", code, reason: reason.slice(0, 10_000) });
      await left.promise;
    },
  };
}
