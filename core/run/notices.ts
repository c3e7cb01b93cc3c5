/** Messages besides results. The run layer never prints; its caller decides what to show. */

/** Receives messages while the caller waits. */
export interface Notices {
  /** Current activity; replaces the previous message. The fraction is 0 … 1, where known. */
  progress(message: string, fraction?: number): void;
  /** Something went wrong, but the work goes on. */
  warn(message: string): void;
  /** A line of information to keep. */
  log(message: string): void;
  /** The work is done: clear the progress display. */
  done(): void;
}

/** Notices that also keep all warnings. */
export interface KeptNotices extends Notices {
  readonly warnings: readonly string[];
}

/** Passes messages to the methods that `listener` has, and keeps every warning. */
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
