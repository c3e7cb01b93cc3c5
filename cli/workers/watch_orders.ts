/** What the thread that trains and the thread that watches the other workers say to each other. */
import type { WorkerPlace } from "../../core/backend/types.ts";
import type { WorkerPace, WorkerRow } from "../../core/workers/worker_pace.ts";

/** To the thread that watches; "start" is the first, "leave" the last. */
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

/** From it. */
export type WatchReport =
  | { type: "waiting"; missing: string }
  | { type: "joined" }
  | { type: "refused"; message: string } // the port can't be had
  | { type: "lost"; message: string; exitCode: number }
  | { type: "paces"; rows: WorkerRow[] }
  | { type: "left" };

/** Where the process that started a worker listens, and what it knows the worker by. */
export interface LauncherAddress {
  port: number; // of 127.0.0.1
  token: string;
}

/** The environment variable that holds it. */
export const LAUNCHER = "CAMBIUM_LAUNCHER";

/** As it is written in {@linkcode LAUNCHER}. */
export function launcherText({ port, token }: LauncherAddress): string {
  return `${port}/${token}`;
}

/** Undefined where no process started this one. */
export function launcherAddress(text: string | undefined): LauncherAddress | undefined {
  const [, port, token] = /^(\d+)\/([\w-]+)$/.exec(text ?? "") ?? [];
  return port && token ? { port: Number(port), token } : undefined;
}
