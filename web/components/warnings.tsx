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

/**
 * Errors first, then the newest of warnings that differ in their numbers alone, with its count:
 * five at most, and how many more the log has.
 */
export function Warnings({ lines, error, counted, now }: Props) {
  const kinds = new Map<string, { line: LogLine; times: number }>();
  for (const line of lines) {
    if (line.level === "info") continue;
    // its code and its letters: what comes again has other numbers
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
