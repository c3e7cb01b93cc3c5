/** One line that is redrawn in place at the bottom of a terminal, with lines that stay above it. */

import { printable, printableLine } from "../../core/text.ts";

/** A line that stays where it is while others scroll past. */
export interface SteadyLine {
  /** Redraws it, a few times a second at most. */
  progress(text: string): void;
  log(line: string): void;
  /** Clears it; it comes back with the next progress. */
  done(): void;
}

/** Milliseconds between two redraws. */
const INTERVAL = 200;

const encoder = new TextEncoder();

/**
 * On standard output, cut to the terminal's width. (cli-progress can't have lines above its bar.)
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
    // A terminal that was closed can't be told anything; the run goes on.
  }
}

/** "████░░░░" of `cells` cells. */
export function progressBar(fraction: number, cells: number): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * cells);
  return "█".repeat(full) + "░".repeat(cells - full);
}
