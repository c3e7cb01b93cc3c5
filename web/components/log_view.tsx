/// <reference lib="dom" />
/** The live log; it follows the newest line until the reader scrolls away. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { LogLine } from "../../core/run/store/types.ts";
import { clock } from "../lib/format.ts";
import { Section } from "./section.tsx";
import { Segments } from "./segments.tsx";

const levels = { info: "All", warning: "Warnings", error: "Errors" } as const;
type Level = keyof typeof levels;
const rank: Record<LogLine["level"], number> = { info: 0, warning: 1, error: 2 };

export function LogView({ lines }: { lines: readonly LogLine[] }) {
  const [level, setLevel] = useState<Level>("info");
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const shown = lines.filter((line) => rank[line.level] >= rank[level]);
  useEffect(() => {
    if (follows && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [shown.length, follows, lines]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current!; // the event came from it
    setFollows(scrollHeight - scrollTop - clientHeight < 24);
  };
  return (
    <Section
      id="log"
      title="Log"
      note={follows ? "Following the newest line." : "Scroll to the end to follow again."}
      aside={<Segments label="Level" options={levels} value={level} onChange={setLevel} />}
    >
      <div ref={box} class="log" role="log" tabIndex={0} aria-label="Log lines" onScroll={onScroll}>
        {shown.length === 0 && <p class="muted">No lines.</p>}
        {shown.map((line, i) => (
          <p key={`${line.time}-${i}`} class={line.level}>
            <time>{clock(line.time)}</time> {line.message}
          </p>
        ))}
      </div>
    </Section>
  );
}
