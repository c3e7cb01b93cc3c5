/// <reference lib="dom" />
/** Log lines, live; it follows the end until the reader scrolls away. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LogLine } from "../../core/runs/types.ts";
import { clock } from "../lib/format.ts";

const levels = { info: "All", warning: "Warnings", error: "Errors" } as const;
type Level = keyof typeof levels;
const rank: Record<LogLine["level"], number> = { info: 0, warning: 1, error: 2 };

/** The log section. */
export function LogView({ lines }: { lines: readonly LogLine[] }) {
  const [level, setLevel] = useState<Level>("info");
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const shown = lines.filter((line) => rank[line.level] >= rank[level]);
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown.length, follows, lines]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!; // the event is its own
    setFollows(scrollHeight - scrollTop - clientHeight < 24);
  };
  return (
    <section class="panel" id="log" aria-labelledby="log-title">
      <header>
        <h2 id="log-title">Log</h2>
        <p>{follows ? "Following the newest line." : "Scroll to the end to follow again."}</p>
        <div class="segments" role="group" aria-label="Level">
          {Object.entries(levels).map(([key, label]) => (
            <button
              key={key}
              type="button"
              aria-pressed={level === key}
              onClick={() => setLevel(key as Level)} // a key of levels
            >
              {label}
            </button>
          ))}
        </div>
      </header>
      <div ref={box} class="log" role="log" tabIndex={0} aria-label="Log lines" onScroll={onScroll}>
        {shown.length === 0 && <p class="muted">No lines.</p>}
        {shown.map((line, i) => (
          <p key={`${line.time}-${i}`} class={line.level}>
            <time>{clock(line.time)}</time> {line.message}
          </p>
        ))}
      </div>
    </section>
  );
}
