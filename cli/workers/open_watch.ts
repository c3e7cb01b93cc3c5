/** Watches the other workers, as seen from the training thread. */
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

/** The watch once all workers have joined. */
export interface OpenWatch extends WorkersPace {
  /** Aborted with a WorkerLostError when a worker is lost. */
  readonly lost: AbortSignal;
  /** Tells the other workers, and the process that started this one, the run's id. */
  tellRun(id: string): void;
  /** Must be called last: tells the other workers how this one ended. */
  leave(code: number, reason: string): Promise<void>;
}

/**
 * Waits until all workers have joined.
 * @throws ConfigError where the port is not available, WorkerLostError where a worker does not join
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
