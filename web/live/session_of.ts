/** Identifies the session that a head belongs to. */
import type { RunHead } from "../../core/run/store/types.ts";

/**
 * Distinguishes a session from others of its run, and from those of a deleted run of the same name.
 */
export function sessionOf({ identity, startedAt, sessions }: RunHead): string {
  return [identity, startedAt, sessions].join(" ");
}
