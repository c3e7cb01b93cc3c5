/** Warnings on top of a run's page: one line a kind, however often it came. */
import type { LogLine } from "../../core/run/store/types.ts";
import { ago, count } from "../lib/format.ts";

interface Props {
  lines: readonly LogLine[];
  error: string | null;
  /** Warnings that the head counted, shown until the log is loaded. */
  counted: number;
  now: number; // ms since 1970
}

/** Errors first, then the newest warning of each code with its count. */
export function Warnings({ lines, error, counted, now }: Props) {
  const kinds = new Map<string, { line: LogLine; times: number }>();
  for (const line of lines) {
    if (line.level === "info") continue;
    const key = line.code ?? line.message;
    kinds.set(key, { line, times: (kinds.get(key)?.times ?? 0) + 1 });
  }
  const shown = [...kinds.values()].sort((a, b) => b.line.time - a.line.time).slice(0, 5);
  if (error === null && shown.length === 0 && (counted === 0 || lines.length > 0)) return null;
  return (
    <div class="warnings">
      {error !== null && (
        <p class="notice error" role="alert">
          <strong>The run failed.</strong> {error}
        </p>
      )}
      {shown.map(({ line, times }) => (
        <p key={line.code ?? line.message} class={`notice ${line.level}`}>
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
      {lines.length === 0 && counted > 0 && error === null && (
        <p class="notice warning">{counted} warnings, see the log.</p>
      )}
    </div>
  );
}

function capital(code: string): string {
  const words = code.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
