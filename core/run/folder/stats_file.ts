/**
 * `stats.jsonl`: every point of a run's curves as one line of JSON, for notebooks and for
 * rebuilding the store.
 */
import { join } from "node:path";
import { filterLines, LineFile } from "./line_file.ts";
import type { SeriesPoint } from "../store/types.ts";

/** Name of the file inside a run folder. */
export const STATS_NAME = "stats.jsonl";

/** Name of the log inside a run folder. */
export const LOG_NAME = "log.txt";

/** Appends to `stats.jsonl`. */
export class StatsFile {
  readonly #lines: LineFile;

  private constructor(lines: LineFile) {
    this.#lines = lines;
  }

  /**
   * Opens or creates the file.
   * @param after on resume: drops the lines after this imagesSeen
   */
  static async open(folder: string, after?: number): Promise<StatsFile> {
    const path = join(folder, STATS_NAME);
    if (after !== undefined) {
      await filterLines(path, (line) => (parsePoint(line)?.imagesSeen ?? Infinity) <= after);
    }
    return new StatsFile(await LineFile.open(path));
  }

  /** Appends points; NaN and infinities, which JSON lacks, become null. */
  append(...points: readonly SeriesPoint[]): Promise<void> {
    return this.#lines.append(
      ...points.map(({ imagesSeen, time, values }) => {
        const own = { imagesSeen, time };
        // they come first in the line, and no value can replace them
        return JSON.stringify({ ...own, ...values, ...own });
      }),
    );
  }

  /** Makes all appends durable (fsync). */
  sync(): Promise<void> {
    return this.#lines.sync();
  }

  /** Closes the file; `sync()` first. */
  close(): void {
    this.#lines.close();
  }
}

/** The points of a run's `stats.jsonl`; lines left incomplete by a crash are skipped. */
export async function readStats(folder: string): Promise<SeriesPoint[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(join(folder, STATS_NAME));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return text.split("\n").map(parsePoint).filter((point) => point !== null);
}

function parsePoint(line: string): SeriesPoint | null {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return null; // left incomplete by a crash
  }
  if (typeof fields !== "object" || fields === null) return null;
  // checked to be an object
  const { imagesSeen, time, ...rest } = fields as Record<string, unknown>;
  if (typeof imagesSeen !== "number" || typeof time !== "number") return null;
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === "number") values[name] = value;
    else if (value === null) values[name] = NaN;
  }
  return { imagesSeen, time, values };
}
