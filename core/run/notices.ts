/** What is told beside a result. The run layer never prints: a terminal or a program does. */

/** Told what the run layer does while its caller waits. */
export interface Notices {
  /** What is going on; replaces what was said before. The fraction, 0 … 1, is given where it is known. */
  progress(message: string, fraction?: number): void;
  /** What went wrong and did not end the work. */
  warn(message: string): void;
  /** What is worth a line that stays. */
  log(message: string): void;
  /** The work is done: what `progress` showed can go. */
  done(): void;
}
