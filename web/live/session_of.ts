/** Which session of which run a head is of. */
import type { RunHead } from "../../core/run/store/types.ts";

/** What tells a session from others of its run, and of a deleted run that had its name. */
export function sessionOf({ identity, startedAt, sessions }: RunHead): string {
  return [identity, startedAt, sessions].join(" ");
}
