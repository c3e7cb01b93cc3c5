/** A status line for what takes a while before training; plain lines where there is no terminal. */
import { printable, printableLine } from "../../core/text.ts";
import type { Notices } from "../../core/run/notices.ts";

export interface StatusOptions {
  /** Default: whether standard error is a terminal. */
  terminal?: boolean;
  write?(text: string): void;
  width?(): number;
}

/** Clears the status line that is currently shown, whichever status it belongs to. */
let clearShown: (() => void) | undefined;

/** Clears the status line, if one is shown, so that the next output starts on a line of its own. */
export function clearStatus(): void {
  clearShown?.();
}

/**
 * Creates notices on standard error, which keeps the output of `--json` clean. Without a terminal,
 * progress is printed only if it has no fraction or is complete.
 */
export function createStatus(quiet = false, options: StatusOptions = {}): Notices {
  const { terminal = Deno.stderr.isTerminal(), write = writeError } = options;
  const { width = () => Deno.consoleSize().columns } = options;
  let last = "";
  const clear = () => { // also clears what another status left, such as training's steady line
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
    // A closed terminal cannot show anything, but the work goes on.
  }
}
