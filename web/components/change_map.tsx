/// <reference lib="dom" />
/** Shows how much each picture changed between snapshots, and whether the grid is still diverse. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useInView, useTheme } from "../charts/hooks.ts";
import { count, percent } from "../lib/format.ts";
import type { PublicSample } from "../live/wire.ts";
import { drawnCells, wordFor } from "../pictures/drawn.ts";
import { thin } from "../pictures/growth.ts";
import { readCells } from "../pictures/load.ts";
import { PixelCanvas } from "../pictures/pixel_canvas.tsx";
import { collapsedSince, difference, diversity, type Pixels, resize } from "../pictures/pixels.ts";
import { Section } from "./section.tsx";

interface Props {
  samples: readonly PublicSample[];
  /** Index of the sample that the rest of the page shows. */
  at: number;
  onPick: (at: number, cell: number) => void;
}

/** Rows of the map; more would be too thin to click. */
const MOST_SEEDS = 32;
/** Snapshots compared; more could not be told apart. */
const MOST_SNAPSHOTS = 72;
/** Side to which pictures are reduced before they are compared, px. */
const COMPARED_SIDE = 16;
/** The mean change that gets the full colour. */
const FULL_CHANGE = 0.2;

export function ChangeMap({ samples, at, onPick }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const isSeen = useInView(place);
  const theme = useTheme();
  const shown = thin(samples, MOST_SNAPSHOTS);
  const { cells: small, gone } = useSmallCells(shown, isSeen);
  const known = shown.filter((s) => small.has(s.url));
  const spread = known.map((s) => diversity(small.get(s.url)!));
  const collapse = collapsedSince(spread);
  const all = Math.max(0, ...known.map((s) => drawnCells(s).length));
  const seeds = Math.min(MOST_SEEDS, all);

  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || known.length < 2) return;
    canvas.current.width = known.length;
    canvas.current.height = seeds;
    context.fillStyle = getComputedStyle(canvas.current).getPropertyValue("--accent");
    for (let column = 1; column < known.length; column++) {
      const [before, now] = [small.get(known[column - 1]!.url)!, small.get(known[column]!.url)!];
      for (let seed = 0; seed < seeds; seed++) {
        const [then, today] = [before[seed], now[seed]];
        if (!then || !today) continue;
        context.globalAlpha = Math.min(1, difference(then, today) / FULL_CHANGE);
        context.fillRect(column, seed, 1, 1);
      }
    }
  }, [known.length, seeds, theme, samples.length]);

  const pick = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect(); // the click was on it
    const column = Math.floor((event.clientX - box.left) / box.width * known.length);
    const sample = known[Math.min(known.length - 1, Math.max(0, column))];
    const cell = Math.floor((event.clientY - box.top) / box.height * seeds);
    if (sample) onPick(samples.indexOf(sample), Math.min(seeds - 1, Math.max(0, cell)));
  };
  if (samples.length < 3) return null;
  const word = wordFor(samples.at(-1)).toLowerCase();
  const mark = known.findLastIndex((s) => s.imagesSeen <= (samples[at]?.imagesSeen ?? 0));
  return (
    <Section
      id="change"
      title="Change by picture"
      note={`Each row is a ${word}, each column a snapshot; the stronger the green, the more it changed. Click to go there.`}
    >
      {collapse !== null && (
        <p class="notice warning" role="alert">
          <strong>The grid is losing diversity.</strong> Since {count(known[collapse]!.imagesSeen)}
          {" "}
          images its pictures differ far less from each other than they did at best.
        </p>
      )}
      <div ref={place} class="heat">
        <PixelCanvas
          canvas={canvas}
          label={`Change of ${seeds} ${word}s over ${known.length} snapshots`}
          onClick={pick}
        />
        <svg
          class="heat-mark"
          viewBox={`0 0 ${Math.max(1, known.length)} 1`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {mark >= 0 && <rect x={mark} y="0" width="1" height="1" />}
        </svg>
      </div>
      <Spread values={spread} />
      <p class="muted small num">
        {known.length + gone < shown.length
          ? `Reading ${known.length} of ${shown.length} snapshots…`
          : [
            ...spread.length > 0
              ? [
                `Diversity of the grid: ${percent(spread.at(-1)!)} now, ${
                  percent(Math.max(...spread))
                } at best.`,
              ]
              : [],
            ...all > seeds ? [`The first ${seeds} of ${all} ${word}s are shown.`] : [],
            ...gone > 0
              ? [`${gone} ${gone === 1 ? "grid is" : "grids are"} gone from the run folder.`]
              : [],
          ].join(" ")}
      </p>
    </Section>
  );
}

function Spread({ values }: { values: readonly number[] }) {
  if (values.length < 2) return null;
  const top = Math.max(...values, 1e-6);
  const points = values.map((v, i) => `${(i + 0.5).toFixed(2)},${(30 - 28 * v / top).toFixed(2)}`);
  return (
    <svg
      class="spread"
      viewBox={`0 0 ${values.length} 30`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <polyline points={points.join(" ")} vector-effect="non-scaling-stroke" />
    </svg>
  );
}

/**
 * Reads the grids one after the other, each once, while the section is visible.
 * @returns their cells by URL, and how many grids are not available
 */
function useSmallCells(
  samples: readonly PublicSample[],
  isSeen: boolean,
): { cells: Map<string, Pixels[]>; gone: number } {
  const cells = useRef(new Map<string, Pixels[]>());
  const lost = useRef(new Set<string>());
  const [, redraw] = useState(0);
  const urls = samples.map((s) => s.url).join();
  useEffect(() => {
    if (!isSeen) return;
    let isOld = false;
    (async () => {
      let drawn = 0;
      for (const sample of samples) {
        if (isOld) return;
        if (cells.current.has(sample.url)) continue;
        const grid = await readCells(sample).catch(() => null); // a missing grid is left out
        if (grid) cells.current.set(sample.url, grid.map((cell) => resize(cell, COMPARED_SIDE)));
        if (grid) lost.current.delete(sample.url);
        else lost.current.add(sample.url);
        if (++drawn % 12 === 0) redraw((n) => n + 1);
      }
      if (!isOld) redraw((n) => n + 1);
    })();
    return () => {
      isOld = true;
    };
  }, [urls, isSeen]);
  return {
    cells: cells.current,
    gone: samples.filter(({ url }) => lost.current.has(url)).length,
  };
}
