/** RUN@CHECKPOINT, as a user types it. */
import { readNumber } from "../config/read_number.ts";
import { RunError } from "./run_error.ts";

/** A run, and one of its checkpoints. */
export interface RunAt {
  /** Its number, name or folder; undefined: the newest. */
  run: string | undefined;
  /** Images seen; undefined: the newest. */
  checkpoint: number | undefined;
}

/**
 * Splits "3@120000" or "3@120k"; "3" names no checkpoint, "@120000" no run, and no text the newest
 * of both.
 * @throws RunError for an empty text, such as a variable that was never set
 */
export function parseRunAt(text: string | undefined): RunAt {
  if (text?.trim() === "") throw nothingNamed();
  const [, run, images = ""] = /^(.*)@([^@]*)$/s.exec(text ?? "") ?? [];
  const checkpoint = readNumber(images);
  if (!Number.isSafeInteger(checkpoint) || checkpoint < 0) {
    return { run: text, checkpoint: undefined };
  }
  return { run: run || undefined, checkpoint };
}

/** Of a flag that was given, and names nothing: the newest run would be a guess. */
export function nothingNamed(): RunError {
  return new RunError(
    "Cannot find a run: expected its number, name or folder, received nothing. Leave it out for " +
      "the newest",
  );
}
