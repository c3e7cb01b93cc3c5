/** Warnings on top of a run's page: one line for each, however often it came. */
import type { LogLine } from "../../core/run/store/types.ts";
import { ago, count } from "../lib/format.ts";

interface Props {
  lines: readonly LogLine[];
  error: string | null;
  /** Warnings that the head counted, shown until the log is loaded. */
  counted: number;
  now: number; // ms since 1970
}

/** Lines that are shown; of more, their number. */
const SHOWN = 5;

/** Errors first, then the newest of warnings that differ in their numbers alone, with its count. */
export function Warnings({ lines, error, counted, now }: Props) {
  const kinds = new Map<string, { line: LogLine; times: number }>();
  for (const line of lines) {
    if (line.level === "info") continue;
    const key = kindOf(line);
    kinds.set(key, { line, times: (kinds.get(key)?.times ?? 0) + 1 });
  }
  const shown = [...kinds.values()].sort((a, b) => b.line.time - a.line.time).slice(0, SHOWN);
  const more = kinds.size - shown.length;
  if (error === null && shown.length === 0 && (counted === 0 || lines.length > 0)) return null;
  return (
    <div class="warnings">
      {error !== null && (
        <p class="notice error" role="alert">
          <strong>The run failed.</strong> {error}
        </p>
      )}
      {shown.map(({ line, times }) => (
        <p key={kindOf(line)} class={`notice ${line.level}`}>
          <strong>
            {line.code ? capital(line.code) : line.level === "error" ? "Error" : "Warning"}
          </strong>{" "}
          {line.message}{" "}
          <span class="muted small">
            {times > 1 && `${times} times, last `}
            {ago(now - line.time)} at {count(line.imagesSeen)} images
          </span>
        </p>
      ))}
      {more > 0 && (
        <p class="notice warning">
          {more === 1 ? "1 more kind of warning" : `${more} more kinds of warnings`}, see the log.
        </p>
      )}
      {lines.length === 0 && counted > 0 && error === null && (
        <p class="notice warning">
          {counted === 1 ? "1 warning" : `${counted} warnings`}, see the log.
        </p>
      )}
    </div>
  );
}

/** Its code and its words: what comes again has other numbers. */
function kindOf({ code, message }: LogLine): string {
  return `${code ?? ""} ${message.replaceAll(/[\d.,−-]*\d/g, "#")}`;
}

function capital(code: string): string {
  const words = code.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
