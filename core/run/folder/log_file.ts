/** `log.txt`: one line per entry, for people and for rebuilding the store. */
import { join } from "node:path";
import type { LogLine } from "../store/types.ts";
import { LOG_NAME } from "./stats_file.ts";

/** Formats a line of `log.txt`; line breaks inside become spaces when it is written. */
export function logText({ time, level, imagesSeen, message }: LogLine): string {
  return `${new Date(time).toISOString()} ${level} [${imagesSeen}] ${message}`;
}

/** The lines of a run's `log.txt`; incomplete or foreign lines are skipped. */
export async function readLog(folder: string): Promise<LogLine[]> {
  let text: string;
  try {
    text = await Deno.readTextFile(join(folder, LOG_NAME));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return text.split("\n").flatMap((line) => parseLine(line) ?? []);
}

function parseLine(line: string): LogLine | null {
  const match = /^(\S+) (info|warning|error) \[(\d{1,15})\] (.*)$/.exec(line);
  if (!match) return null;
  // the pattern has 4 groups
  const [, date, level, imagesSeen, message] = match as unknown as [string, ...string[]];
  const time = Date.parse(date!);
  if (Number.isNaN(time)) return null;
  return {
    time,
    level: level as LogLine["level"],
    imagesSeen: Number(imagesSeen),
    message: message!,
  };
}
