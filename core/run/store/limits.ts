/** Limits of the run store, and its errors about wrong ids. */
import type { LogLine, PanelEntry, RunHead } from "./types.ts";

/** Number of log lines stored per run; the oldest are removed (`log.txt` has them all). */
export const LOG_LINES_KEPT = 2000;

/** Default limit of `readLog()`, lines. */
export const LOG_LINES_READ = 500;

/** Longest text inside a stored value, in UTF-16 code units. */
export const TEXT_KEPT = 4000;

/** Shortens a text that could overflow a stored value. */
export function trimText(text: string): string {
  return text.length <= TEXT_KEPT ? text : `${text.slice(0, TEXT_KEPT - 1)}…`;
}

/** Shortens the texts of a head. */
export function trimHead<T extends Partial<RunHead>>(head: T): T {
  return head.error ? { ...head, error: trimText(head.error) } : head;
}

/** Shortens the text of a log line. */
export function trimLine(line: LogLine): LogLine {
  return { ...line, message: trimText(line.message) };
}

/** A panel without data. */
export function emptied(entry: PanelEntry): PanelEntry {
  return { ...entry, data: null, imagesSeen: 0 };
}

/** The error for a run that the store doesn't have. */
export function unknownRun(action: string, id: string): Error {
  return new Error(`Cannot ${action}: expected a run that the store knows, received "${id}"`);
}

/** The error of creating a run twice. */
export function knownRun(id: string): Error {
  return new Error(`Cannot create a run: expected a new id, received "${id}", which exists`);
}
