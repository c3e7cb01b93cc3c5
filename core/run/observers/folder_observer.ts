/** Writes a run's curves and log into its folder: stats.jsonl and log.txt. */
import { join } from "node:path";
import type { Observer } from "../../events.ts";
import { logText } from "../folder/log_file.ts";
import { LineFile } from "../folder/line_file.ts";
import { LOG_NAME, StatsFile } from "../folder/stats_file.ts";
import { logLinesOf } from "./log_lines.ts";
import { pointOf } from "./point_of.ts";

/**
 * Creates the observer; it appends to existing files.
 * @param after on resume: drops the points after this imagesSeen
 */
export async function folderObserver(folder: string, after?: number): Promise<Observer> {
  const stats = await StatsFile.open(folder, after);
  const log = await LineFile.open(join(folder, LOG_NAME)).catch((error) => {
    stats.close();
    throw error;
  });
  return {
    name: "The run folder's log",
    async on(event) {
      const point = pointOf(event);
      if (point) await stats.append(point);
      await log.append(...logLinesOf(event).map(logText));
    },
    async close() {
      try {
        await Promise.all([stats.sync(), log.sync()]);
      } finally {
        stats.close();
        log.close();
      }
    },
  };
}
