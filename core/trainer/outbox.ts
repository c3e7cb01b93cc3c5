/** What plugins say during a cycle of steps, until the trainer hands it on as events. */

import type { ShownPanel } from "../plugin/mod.ts";
import { expectChartName } from "./running_means.ts";

/** A line for the log. */
export interface OutboxLine {
  /** How grave it is. */
  level: "info" | "warning";
  /** For people. */
  message: string;
  /** Groups repeats of a warning. */
  code?: string;
}

/** Collects; the trainer takes everything after each cycle. */
export interface Outbox {
  /** Adds a line. */
  log(message: string): void;
  /** Adds a warning, unless its code was just told. */
  warn(code: string, message: string): void;
  /**
   * Sets a curve's value in this cycle.
   * @throws RangeError for a name that no curve can have
   */
  chart(name: string, value: number): void;
  /** Keeps what a panel shows until {@linkcode Outbox.takePanels}; only the newest of each. */
  show(shown: ShownPanel): void;
  /** Everything since the last call. */
  take(): { lines: OutboxLine[]; charts: Record<string, number> };
  /** What panels show that was not taken before. */
  takePanels(): ShownPanel[];
}

/** Warnings of one code are kept once until another time the code was silent for this many `take`s. */
const QUIET_TAKES = 1000;

/** An empty outbox. A warning that comes again and again is passed on once in a while only. */
export function createOutbox(): Outbox {
  let lines: OutboxLine[] = [], charts: Record<string, number> = {}, takes = 0;
  const told = new Map<string, number>();
  const panels = new Map<string, ShownPanel>();
  return {
    log: (message) => void lines.push({ level: "info", message }),
    warn(code, message) {
      const last = told.get(code);
      told.set(code, takes);
      if (last === undefined || takes - last > QUIET_TAKES) {
        lines.push({ level: "warning", message, code });
      }
    },
    chart(name, value) {
      expectChartName(name);
      charts[name] = value;
    },
    show: (shown) => void panels.set(`${shown.plugin}/${shown.name}`, shown),
    takePanels() {
      const taken = [...panels.values()];
      panels.clear();
      return taken;
    },
    take() {
      const taken = { lines, charts };
      [lines, charts] = [[], {}];
      takes++;
      return taken;
    },
  };
}
