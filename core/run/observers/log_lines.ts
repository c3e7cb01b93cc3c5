/** Converts events to lines of the log. */
import type { RunEvent } from "../../events.ts";
import { counted } from "../../text.ts";
import type { LogLine } from "../store/types.ts";

/** The log lines of an event; most events have none. */
export function logLinesOf(event: RunEvent): LogLine[] {
  const line = (
    imagesSeen: number,
    message: string,
    level: LogLine["level"] = "info",
  ): LogLine[] => [
    { time: Date.now(), imagesSeen, level, message },
  ];
  switch (event.type) {
    case "start": {
      const { imagesSeen, parameters: p, backend, dataset } = event;
      const begin = imagesSeen > 0 ? `Resumed at ${imagesSeen} images` : "Started";
      return line(
        imagesSeen,
        `${begin}: ${dataset.count} ${dataset.kind} of ${dataset.name}; ${backend.library}, ` +
          `${backend.precision}, ` +
          `${counted(backend.threads, "thread")}; generator ${p.generator}, discriminator ` +
          `${p.discriminator} parameters`,
      );
    }
    case "phase": {
      const { phase } = event.position;
      return line(
        event.imagesSeen,
        `Phase ${phase.index + 1}: ${phase.resolution} px, ${phase.kind}, ${
          phase.end - phase.start
        } images, ` +
          `batch ${phase.batchSize}, learning rate ${phase.learningRate}`,
      );
    }
    case "recorded": {
      const { nodes, graphBytes, recordMilliseconds, buildMilliseconds } = event.stats;
      return line(
        event.imagesSeen,
        `Recorded ${event.name}: ${nodes} nodes, ${(graphBytes / 1e6).toFixed(2)} MB, ` +
          `${((recordMilliseconds + buildMilliseconds) / 1000).toFixed(2)} s`,
      );
    }
    case "checkpoint":
      return line(
        event.entry.imagesSeen,
        `Checkpoint ${event.entry.path}, state ${event.entry.digest.slice(0, 12)}`,
      );
    case "log":
      return [event.line];
    case "end":
      return line(
        event.imagesSeen,
        `${
          event.status === "failed" ? "Failed" : event.status === "stopped" ? "Stopped" : "Finished"
        }: ${event.reason}`,
        event.status === "failed" ? "error" : "info",
      );
    default:
      return [];
  }
}
