/** One line of status for things that take a while before training; plain lines where there is no terminal. */

/** Told what is going on. */
export interface Status {
  /** Replaces the line; without a terminal, only what is without a fraction, or done, is printed. */
  update(message: string, fraction?: number): void;
  warn(message: string): void;
  /** A line that stays. */
  say(message: string): void;
  done(): void;
}

/** Status on standard error, so that `--json` output stays clean. */
export function createStatus(quiet = false, terminal = Deno.stderr.isTerminal()): Status {
  let shown = false, last = "";
  const clear = () => { // also what another line, such as training's, left half-written
    if (shown || terminal) write("\r\x1b[K");
    shown = false;
  };
  return {
    update(message, fraction) {
      if (quiet) return;
      const percent = fraction === undefined ? "" : ` ${Math.floor(fraction * 100)}%`;
      if (terminal) {
        const { columns } = Deno.consoleSize();
        write(`\r\x1b[K${(message + percent).slice(0, columns - 1)}`);
        shown = true;
      } else if (message !== last && (fraction === undefined || fraction === 1)) {
        write(message + "\n");
      }
      last = message;
    },
    warn(message) {
      clear();
      write(`warning: ${message}\n`);
    },
    say(message) {
      if (quiet) return;
      clear();
      write(message + "\n");
    },
    done: clear,
  };
}

const encoder = new TextEncoder();

function write(text: string): void {
  try {
    Deno.stderr.writeSync(encoder.encode(text));
  } catch {
    // A terminal that was closed can't be told anything; the work goes on.
  }
}
