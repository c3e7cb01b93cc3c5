/** How a run stands, as shown: a stored status, or "stale" where the heartbeat stopped. */
import type { RunHead, RunStatus } from "../../core/run/store/types.ts";

/** A status as shown. */
export type ShownStatus = RunStatus | "stale";

/** A running head this old no longer counts as running. */
export const STALE_AFTER = 60_000; // milliseconds

/**
 * A run's status at `now`. A missing heartbeat says "stale", never "failed": the process may be
 * suspended, or its machine asleep.
 * @param head status and heartbeat
 * @param now ms since 1970
 */
export function shownStatus(
  head: Pick<RunHead, "status" | "heartbeatAt">,
  now: number,
): ShownStatus {
  return head.status === "running" && now - head.heartbeatAt > STALE_AFTER ? "stale" : head.status;
}

/** Each status in words. */
export const statusLabels: Record<ShownStatus, string> = {
  running: "Training",
  stale: "No heartbeat",
  stopped: "Stopped",
  finished: "Finished",
  failed: "Failed",
};
