/** A line that is redrawn in place at the bottom of a terminal, below lines that scroll. */

import { printable, printableLine } from "../../core/text.ts";

export interface SteadyLine {
  /** Sets the text; redraws a few times per second at most. */
  progress(text: string): void;
  log(line: string): void;
  /** Clears the line until the next progress. */
  done(): void;
}

/** Minimum time between two redraws, ms. */
const INTERVAL = 200;

const encoder = new TextEncoder();

/**
 * Creates a line on standard output, cut to the terminal's width. (cli-progress cannot print lines
 * above its bar.)
 */
export function createSteadyLine(
  write = writeOut,
  width = () => Deno.consoleSize().columns,
): SteadyLine {
  let text = "", drawn = -Infinity;
  const draw = () => write(`\r\x1b[K${text.slice(0, width() - 1)}`);
  return {
    progress(next) {
      text = printableLine(next);
      const now = performance.now();
      if (now - drawn < INTERVAL) return;
      drawn = now;
      draw();
    },
    log(line) {
      write(`\r\x1b[K${printable(line)}\n`);
      if (text) draw();
    },
    done() {
      if (text) write("\r\x1b[K");
      text = "";
    },
  };
}

function writeOut(text: string): void {
  try {
    Deno.stdout.writeSync(encoder.encode(text));
  } catch {
    // A closed terminal cannot show anything, but the run goes on.
  }
}

/** A bar such as "████░░░░", `cells` characters wide. */
export function progressBar(fraction: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * cells);
  return "█".repeat(full) + "░".repeat(cells - full);
}
