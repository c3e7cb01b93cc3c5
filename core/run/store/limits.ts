/** What the run store keeps at most, and what it says of wrong ids. */
import type { LogLine, PanelEntry, RunHead } from "./types.ts";

/** Log lines that a run keeps; older ones go first (`log.txt` has them all). */
export const LOG_LINES_KEPT = 2000;

/** Lines that `readLog()` returns where no limit is given. */
export const LOG_LINES_READ = 500;

/** Longest text inside a stored value, in UTF-16 code units. */
export const TEXT_KEPT = 4000;

/** Shortens what could overflow a stored value. */
export function trimText(text: string): string {
  return text.length <= TEXT_KEPT ? text : `${text.slice(0, TEXT_KEPT - 1)}…`;
}

/** A head whose texts fit. */
export function trimHead<T extends Partial<RunHead>>(head: T): T {
  return head.error ? { ...head, error: trimText(head.error) } : head;
}

/** A line whose texts fit. */
export function trimLine(line: LogLine): LogLine {
  return { ...line, message: trimText(line.message) };
}

/** A panel as it is before anything was shown. */
export function emptied(entry: PanelEntry): PanelEntry {
  return { ...entry, data: null, imagesSeen: 0 };
}

/** The error of every call that names a run the store doesn't have. */
export function unknownRun(action: string, id: string): Error {
  return new Error(`Cannot ${action}: expected a run that the store knows, received "${id}"`);
}

/** The error of creating a run twice. */
export function knownRun(id: string): Error {
  return new Error(`Cannot create a run: expected a new id, received "${id}", which exists`);
}
