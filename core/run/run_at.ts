/** RUN@CHECKPOINT, as a user types it. */

/** A run, and one of its checkpoints. */
export interface RunAt {
  /** Its number, name or folder; undefined: the newest. */
  run: string | undefined;
  /** Images seen; undefined: the newest. */
  checkpoint: number | undefined;
}

/** Splits "3@120000"; "3" names no checkpoint, "@120000" no run. */
export function parseRunAt(text: string): RunAt {
  const match = /^(.*)@(\d{1,15})$/s.exec(text);
  if (!match) return { run: text || undefined, checkpoint: undefined };
  return { run: match[1] || undefined, checkpoint: Number(match[2]) };
}
