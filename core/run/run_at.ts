/** Parses RUN@CHECKPOINT as users type it. */
import { readNumber } from "../config/read_number.ts";
import { RunError } from "./run_error.ts";

/** A run, and one of its checkpoints. */
export interface RunAt {
  /** Number, name or folder of the run; undefined: the newest. */
  run: string | undefined;
  /** imagesSeen of the checkpoint; undefined: the newest. */
  checkpoint: number | undefined;
}

/**
 * Splits "3@120000" or "3@120k". "3" means its newest checkpoint, "@120000" that of the newest run,
 * and undefined the newest of both.
 * @throws RunError for an empty text, such as an unset shell variable
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

/** The error for a flag with an empty value: taking the newest run would be a guess. */
export function nothingNamed(): RunError {
  return new RunError(
    "Cannot find a run: expected its number, name or folder, received nothing. Leave it out for " +
      "the newest",
  );
}
