/** RUN@CHECKPOINT, as a user types it. */
import { RunError } from "./run_error.ts";

/** A run, and one of its checkpoints. */
export interface RunAt {
  /** Its number, name or folder; undefined: the newest. */
  run: string | undefined;
  /** Images seen; undefined: the newest. */
  checkpoint: number | undefined;
}

/**
 * Splits "3@120000"; "3" names no checkpoint, "@120000" no run, and no text the newest of both.
 * @throws RunError for an empty text, such as a variable that was never set
 */
export function parseRunAt(text: string | undefined): RunAt {
  if (text?.trim() === "") throw nothingNamed();
  const match = /^(.*)@(\d{1,15})$/s.exec(text ?? "");
  if (!match) return { run: text, checkpoint: undefined };
  return { run: match[1] || undefined, checkpoint: Number(match[2]) };
}

/** Of a flag that was given, and names nothing: the newest run would be a guess. */
export function nothingNamed(): RunError {
  return new RunError(
    "Cannot find a run: expected its number, name or folder, received nothing. Leave it out for " +
      "the newest",
  );
}
