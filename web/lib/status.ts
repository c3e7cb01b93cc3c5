/** How a run stands, as shown: a stored status, or "stale" where the heartbeat stopped. */
import type { RunHead, RunStatus } from "../../core/run/store/types.ts";

/** A status as shown. */
export type ShownStatus = RunStatus | "stale";

/** A running head this old no longer counts as running. */
export const STALE_AFTER = 60_000; // milliseconds

/**
 * A heartbeat so far ahead of the reader's clock was made by a clock that has been set right since;
 * less is how clocks of two machines may differ.
 */
export const AHEAD_AT_MOST = 600_000; // milliseconds

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
  const age = now - head.heartbeatAt, isHeard = age <= STALE_AFTER && -age <= AHEAD_AT_MOST;
  return head.status === "running" && !isHeard ? "stale" : head.status;
}

/** Each status in words. */
export const statusLabels: Record<ShownStatus, string> = {
  running: "Training",
  stale: "No heartbeat",
  stopped: "Stopped",
  finished: "Finished",
  failed: "Failed",
};
