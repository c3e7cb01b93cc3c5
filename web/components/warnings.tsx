/** Warnings at the top of a run's page: one line for each kind, however often it occurred. */
import type { LogLine } from "../../core/run/store/types.ts";
import { ago, count } from "../lib/format.ts";

interface Props {
  lines: readonly LogLine[];
  error: string | null;
  /** The head's number of warnings, shown until the log is loaded. */
  counted: number;
  now: number; // ms since 1970
}

/**
 * Shows errors first, then the newest of the warnings that differ only in their numbers, with a
 * count: at most five, and how many more the log has.
 */
export function Warnings({ lines, error, counted, now }: Props) {
  const kinds = new Map<string, { line: LogLine; times: number }>();
  for (const line of lines) {
    if (line.level === "info") continue;
    // the code and the letters, since repeated warnings differ only in numbers
    const key = line.code + line.message.replace(/\P{L}/gu, "");
    kinds.set(key, { line, times: (kinds.get(key)?.times ?? 0) + 1 });
  }
  const shown = [...kinds].sort(([, a], [, b]) => b.line.time - a.line.time).slice(0, 5);
  const inLog = lines.length > 0 || error !== null ? kinds.size - shown.length : counted;
  if (error === null && shown.length + inLog === 0) return null;
  return (
    <div class="warnings">
      {error !== null && (
        <p class="notice error" role="alert">
          <strong>The run failed.</strong> {error}
        </p>
      )}
      {shown.map(([key, { line, times }]) => (
        <p key={key} class={`notice ${line.level}`}>
          <strong>{capital(line.code ?? line.level)}</strong> {line.message}{" "}
          <span class="muted small">
            {times > 1 && `${times} times, last `}
            {ago(now - line.time)} at {count(line.imagesSeen)} images
          </span>
        </p>
      ))}
      {inLog > 0 && <p class="notice warning">More warnings in the log: {inLog}</p>}
    </div>
  );
}

function capital(code: string): string {
  const words = code.replaceAll(/[-_]/g, " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
