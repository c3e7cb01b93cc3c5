/**
 * Shows a run in the terminal: one steady line, and permanent lines for phases, samples,
 * checkpoints and warnings.
 */
import { print as printLine } from "./print.ts";
import type { Observer } from "../../core/events.ts";
import type { Position } from "../../core/schedule.ts";
import { formatCount, formatDuration, formatValue } from "./format.ts";
import { createSteadyLine, progressBar } from "./steady_line.ts";

/** Options of {@linkcode trainObserver}. */
export interface TrainObserverOptions {
  /** Prefix of the paths that are shown, e.g. the run's folder. */
  folder: string;
  terminal?: boolean;
  print?(line: string): void;
}

/** Without a terminal, progress is printed at most this often, ms. */
const PLAIN_INTERVAL = 30_000;

export function trainObserver(options: TrainObserverOptions): Observer {
  const { terminal = Deno.stdout.isTerminal(), print = printLine } = options;
  const steady = terminal ? createSteadyLine() : undefined;
  let total = 0, losses = "", printed = 0;
  const log = (line: string) => steady ? steady.log(line) : print(line);
  const where = ({ phase, alpha }: Position) =>
    `${phase.resolution}px ${phase.kind === "fade" ? `fade ${alpha.toFixed(2)}` : "stable"}`;

  return {
    name: "The terminal",
    on(event) {
      switch (event.type) {
        case "start":
          total = event.imagesTotal;
          return;
        case "phase": {
          const { phase } = event.position;
          log(
            `${formatCount(event.imagesSeen).padStart(6)}  ${phase.resolution} px ${phase.kind}, ` +
              `${formatCount(phase.end - phase.start)} images, batch ${phase.batchSize}, ` +
              `G ${formatCount(event.parameters.generator)} D ${
                formatCount(event.parameters.discriminator)
              } weights`,
          );
          return;
        }
        case "tick":
          steady?.progress([
            where(event.position).padEnd(14),
            progressBar(event.imagesSeen / total, 12),
            `${formatCount(event.imagesSeen)}/${formatCount(total)}`,
            `${formatValue(event.imagesPerSecond)}/s`,
            formatDuration(event.etaSeconds),
            losses,
          ].join(" "));
          return;
        case "progress": {
          total = event.imagesTotal;
          const d = event.values["loss/discriminator"], g = event.values["loss/generator"];
          losses = d === undefined || g === undefined
            ? ""
            : `D ${formatValue(d)} G ${formatValue(g)}`;
          if (steady || Math.abs(event.time - printed) < PLAIN_INTERVAL) return;
          printed = event.time;
          print(
            `${formatCount(event.imagesSeen).padStart(6)}  ${where(event.position)}  ` +
              `${formatValue(event.imagesPerSecond)} images/s  ETA ${
                formatDuration(event.etaSeconds)
              }  ${losses}`,
          );
          return;
        }
        case "samples":
          return log(
            `${
              formatCount(event.entry.imagesSeen).padStart(6)
            }  samples ${options.folder}/${event.entry.path}`,
          );
        case "checkpoint":
          return log(
            `${formatCount(event.entry.imagesSeen).padStart(6)}  checkpoint ${event.entry.path} (${
              event.entry.digest.slice(0, 12)
            })`,
          );
        case "metrics": {
          const text = Object.entries(event.values).map(([name, value]) =>
            `${name} ${formatValue(value)}`
          );
          if (text.length > 0) {
            log(`${formatCount(event.imagesSeen).padStart(6)}  ${text.join("  ")}`);
          }
          return;
        }
        case "log":
          return log(
            `${formatCount(event.line.imagesSeen).padStart(6)}  ` +
              (event.line.level === "info" ? "" : event.line.level + ": ") + event.line.message,
          );
        case "end":
          steady?.done();
      }
    },
    close: () => steady?.done(),
  };
}
