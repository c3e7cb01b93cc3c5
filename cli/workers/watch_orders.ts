/** Messages between the training thread and the thread that watches the other workers. */
import type { WorkerPlace } from "../../core/backend/types.ts";
import type { WorkerPace, WorkerRow } from "../../core/workers/worker_pace.ts";

/** Messages to the watching thread; "start" is the first, "leave" the last. */
export type WatchOrder =
  | {
    type: "start";
    place: WorkerPlace;
    join: number; // milliseconds
    launcher: LauncherAddress | undefined;
  }
  | { type: "run"; id: string }
  | { type: "pace"; pace: WorkerPace }
  | { type: "leave"; code: number; reason: string };

/** Messages from the watching thread. */
export type WatchReport =
  | { type: "waiting"; missing: string }
  | { type: "joined" }
  | { type: "refused"; message: string } // the port is not available
  | { type: "lost"; message: string; exitCode: number }
  | { type: "paces"; rows: WorkerRow[] }
  | { type: "left" };

/** Where the process that started a worker listens, and the token that identifies the worker. */
export interface LauncherAddress {
  port: number; // of 127.0.0.1
  token: string;
}

/** The environment variable that contains the address. */
export const LAUNCHER = "CAMBIUM_LAUNCHER";

/** Formats an address for {@linkcode LAUNCHER}. */
export function launcherText({ port, token }: LauncherAddress): string {
  return `${port}/${token}`;
}

/** Parses {@linkcode LAUNCHER}; undefined where no process started this one. */
export function launcherAddress(text: string | undefined): LauncherAddress | undefined {
  const [, port, token] = /^(\d+)\/([\w-]+)$/.exec(text ?? "") ?? [];
  return port && token ? { port: Number(port), token } : undefined;
}
