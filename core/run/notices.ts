/** What is told beside a result. The run layer never prints: a terminal or a program does. */

/** Told what the run layer does while its caller waits. */
export interface Notices {
  /**
   * What is going on; replaces what was said before. The fraction, 0 … 1, is given where it is
   * known.
   */
  progress(message: string, fraction?: number): void;
  /** What went wrong and did not end the work. */
  warn(message: string): void;
  /** What is worth a line that stays. */
  log(message: string): void;
  /** The work is done: what `progress` showed can go. */
  done(): void;
}

/**
 * Notices that are told to whoever listens; what is not listened to is dropped, but warnings throw
 * none away.
 */
export interface KeptNotices extends Notices {
  readonly warnings: readonly string[];
}

/** Tells `listener` what it listens to, and keeps every warning. */
export function keptNotices(listener: Partial<Notices> = {}): KeptNotices {
  const warnings: string[] = [];
  return {
    warnings,
    progress: (message, fraction) => listener.progress?.(message, fraction),
    warn(message) {
      warnings.push(message);
      listener.warn?.(message);
    },
    log: (message) => listener.log?.(message),
    done: () => listener.done?.(),
  };
}
