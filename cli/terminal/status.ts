/**
 * One line of status for things that take a while before training; plain lines where there is no
 * terminal.
 */
import { printable, printableLine } from "../../core/text.ts";
import type { Notices } from "../../core/run/notices.ts";

/** Where a status is shown. */
export interface StatusOptions {
  /** Default: whether standard error is a terminal. */
  terminal?: boolean;
  write?(text: string): void;
  width?(): number;
}

/** Clears the line that is shown, whose ever it is. */
let clearShown: (() => void) | undefined;

/** Clears the status line that is shown, if any: what is printed next begins a line of its own. */
export function clearStatus(): void {
  clearShown?.();
}

/**
 * Notices on standard error, so that `--json` output stays clean; without a terminal, of progress
 * only what has no fraction, or is done, is printed.
 */
export function createStatus(quiet = false, options: StatusOptions = {}): Notices {
  const { terminal = Deno.stderr.isTerminal(), write = writeError } = options;
  const { width = () => Deno.consoleSize().columns } = options;
  let last = "";
  const clear = () => { // also what another line, such as training's, left half-written
    if (terminal) write("\r\x1b[K");
    clearShown = undefined;
  };
  return {
    progress(message, fraction) {
      if (quiet) return;
      message = printableLine(message);
      const percent = fraction === undefined ? "" : ` ${Math.floor(fraction * 100)}%`;
      if (terminal) {
        write(`\r\x1b[K${(message + percent).slice(0, width() - 1)}`);
        clearShown = clear;
      } else if (message !== last && (fraction === undefined || fraction === 1)) {
        write(message + "\n");
      }
      last = message;
    },
    warn(message) {
      clear();
      write(`warning: ${printable(message)}\n`);
    },
    log(message) {
      if (quiet) return;
      clear();
      write(printable(message) + "\n");
    },
    done: clear,
  };
}

const encoder = new TextEncoder();

function writeError(text: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(text));
  } catch {
    // A terminal that was closed can't be told anything; the work goes on.
  }
}
