/// <reference lib="dom" />
/**
 * A chart: smoothed lines over their raw ranges, with phases behind, linked to the other charts.
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { measure } from "../lib/format.ts";
import type { Band, XAxis } from "./axis.ts";
import { useInView, useTheme, useWidth } from "./hooks.ts";
import type { Range } from "./layout.ts";
import { createPlot, type Plot, type PlotSource, type Reading } from "./plot.ts";

/** The visible range of x; null for everything. */
export type View = Range | null;

export interface ChartProps {
  title: string;
  note?: string | undefined;
  /** The lines, grouped by a common x; there is one source for each run. */
  sources: readonly PlotSource[];
  bands: readonly Band[];
  /** Whether to draw phases behind the lines. */
  shade: boolean;
  axis: XAxis;
  log: boolean;
  view: View;
  onView: (view: View) => void;
  /** Charts with the same key share the cursor. */
  syncKey: string;
  /** Increases whenever the data changes. */
  version: number;
  height?: number;
}

/** A chart with its legend. Arrow keys move the cursor, + zooms in, − and 0 show everything. */
export function Chart(props: ChartProps) {
  const { title, note, sources, bands, shade, axis, log, view, onView, syncKey, version } = props;
  const { height = 220 } = props;
  const place = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const spoken = useRef<HTMLParagraphElement>(null);
  const reading = useRef<Reading | null>(null);
  const plot = useRef<Plot | null>(null);
  const [hidden, setHidden] = useState<readonly string[]>([]);
  const width = useWidth(place);
  const isSeen = useInView(place);
  const theme = useTheme();
  const lines = sources.flatMap((source) => source.lines);
  const latest = useMemo(
    () => lines.map((l) => Array.from(isSeen ? l.smooth() : l.raw).findLast(Number.isFinite)),
    [version, sources, isSeen],
  );
  const live = useRef({ onView, latest });
  live.current = { onView, latest };
  const range = view ?? fullRange(sources, axis, bands);

  useEffect(() => () => plot.current?.close(), []);

  useEffect(() => {
    // A chart that was never near the screen is not even created.
    if (!place.current || !isSeen || width === 0) return;
    plot.current ??= createPlot(place.current, {
      key: syncKey,
      events: {
        onView: (next) => live.current.onView(next),
        onCursor: (next) => {
          reading.current = next;
          (next?.values ?? live.current.latest).forEach((value, i) => {
            // Preact reuses the text node, so only its text may change.
            const text = legend.current?.querySelector(`[data-value="${i}"]`)?.firstChild;
            if (text) text.nodeValue = measure(value);
          });
        },
      },
    });
    const size = { width, height };
    plot.current.draw({ sources, hidden, bands, shade, axis, log, range, size });
    tellShown(sources[0]?.x.length ?? 0);
  }, [sources, version, hidden, bands, shade, axis, log, ...range, width, height, theme, isSeen]);

  const onKeyDown = (event: KeyboardEvent) => {
    const [min, max] = range;
    const steps: Record<string, () => void> = {
      ArrowLeft: () => plot.current?.moveCursor(-1),
      ArrowRight: () => plot.current?.moveCursor(1),
      "+": () => onView([min + (max - min) / 4, max - (max - min) / 4]),
      "-": () => onView(null),
      "0": () => onView(null),
    };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    step();
    const now = reading.current;
    if (!spoken.current || !now) return;
    const values = lines.flatMap(({ label }, i) =>
      hidden.includes(label) ? [] : [`${label} ${measure(now.values[i])}`]
    );
    spoken.current.textContent = [now.x, ...values].join(", ");
  };

  return (
    <figure class="chart">
      <figcaption>
        <h3>{title}</h3>
        <ul ref={legend} class="legend">
          {lines.map(({ label, color }, i) => (
            <li key={label}>
              <button
                type="button"
                class={`swatch c${color}`}
                title={label}
                aria-pressed={!hidden.includes(label)}
                onClick={() =>
                  setHidden(
                    hidden.includes(label) ? hidden.filter((h) => h !== label) : [...hidden, label],
                  )}
              >
                {label}
              </button>{" "}
              <span class="num" data-value={i}>{measure(latest[i])}</span>
            </li>
          ))}
        </ul>
        {note && <p class="muted small">{note}</p>}
      </figcaption>
      <div
        ref={place}
        class="plot"
        tabIndex={0}
        role="application"
        aria-label={`${title}: chart. Arrow keys read values, plus zooms in, zero shows all.`}
        onKeyDown={onKeyDown}
      />
      <p ref={spoken} class="sr-only" aria-live="polite" />
    </figure>
  );
}

/**
 * Adds a performance mark "curves" with the number of points when the page's first curves are
 * painted, and again when they have many more points. Benchmarks read it.
 */
function tellShown(points: number): void {
  if (points < 2 * told || points === 0) return;
  told = points;
  requestAnimationFrame(() => performance.mark("curves", { detail: points }));
}
let told = 0;

/** The range of x over all sources; on the phase axis, whole phases. */
function fullRange(
  sources: readonly PlotSource[],
  axis: XAxis,
  bands: readonly Band[],
): [number, number] {
  let [min, max] = [Infinity, -Infinity];
  for (const { x } of sources) {
    min = Math.min(min, x[0] ?? min);
    max = Math.max(max, x[x.length - 1] ?? max);
  }
  if (axis === "phase") {
    min = 0;
    max = Math.max(1, Math.ceil(max), ...bands.filter((b) => b.from < max).map((b) => b.to));
  }
  return max > min ? [min, max] : Number.isFinite(min) ? [min - 1, min + 1] : [0, 1];
}
