/** The displayed status of a run: the stored one, or "stale" if the heartbeat stopped. */
import type { RunHead, RunStatus } from "../../core/run/store/types.ts";

export type ShownStatus = RunStatus | "stale";

/** Age of the heartbeat above which a run no longer counts as running. */
export const STALE_AFTER = 60_000; // milliseconds

/**
 * A heartbeat further than this in the future comes from a clock that has been corrected since.
 * Smaller differences occur between the clocks of two machines.
 */
export const AHEAD_AT_MOST = 600_000; // milliseconds

/**
 * A run's status at `now`. A missing heartbeat gives "stale", never "failed": the process may be
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

/** The label of each status. */
export const statusLabels: Record<ShownStatus, string> = {
  running: "Training",
  stale: "No heartbeat",
  stopped: "Stopped",
  finished: "Finished",
  failed: "Failed",
};
