import type { RunHead } from "./types.ts";

/** Earlier versions counted `sittings` where a head now counts `sessions`. */
export type StoredHead = Omit<RunHead, "sessions"> & { sessions?: number; sittings?: number };

/** Converts a stored head to the current form. */
export function readHead({ sittings, ...head }: StoredHead): RunHead {
  return { ...head, sessions: head.sessions ?? sittings ?? 1 };
}
