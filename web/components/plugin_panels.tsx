/// <reference lib="dom" />
/** The panels of a run's plugins: tables, bars, pictures and text, all from plain data. */
import type { PanelCell } from "../../core/plugin/panels.ts";
import { count, measure } from "../lib/format.ts";
import type { PublicPanel } from "../live/wire.ts";
import type { Place } from "../pictures/load.ts";
import { Part } from "../pictures/part.tsx";
import { Section } from "./section.tsx";

/** Up to this many bars are rows with values; more are columns of a histogram. */
const MOST_ROWS = 8;

/** The section of all panels except curves, which are shown with the other curves. */
export function PluginPanels({ panels }: { panels: readonly PublicPanel[] }) {
  return (
    <Section id="plugins" title="From plugins" note="What this run's plugins show of themselves.">
      <div class="plugin-panels">
        {panels.map((panel) => (
          <article key={`${panel.plugin}/${panel.name}`} aria-label={panel.title}>
            <h3>{panel.title}</h3>
            {panel.note && <p class="muted small">{panel.note}</p>}
            {panel.data === null
              ? <p class="cell missing">nothing shown yet</p>
              : <Body panel={panel} />}
            <p class="muted small num">
              {panel.plugin}
              {panel.data !== null && ` at ${count(panel.imagesSeen)} images`}
            </p>
          </article>
        ))}
      </div>
    </Section>
  );
}

/** A panel's content, by its kind. */
function Body({ panel }: { panel: PublicPanel }) {
  if (panel.data === null) return null;
  switch (panel.kind) {
    case "table":
      return <Table columns={panel.columns} rows={panel.data} />;
    case "bars":
      return <Bars bars={panel.data} unit={panel.unit ?? ""} />;
    case "pictures":
      return <Pictures data={panel.data} />;
    case "text":
      return (
        <div class="stack">
          {panel.data.split(/\n\s*\n/).map((text, i) => <p key={i}>{text}</p>)}
        </div>
      );
  }
}

function Table(
  { columns, rows }: { columns: readonly string[]; rows: readonly (readonly PanelCell[])[] },
) {
  const isFigure = (column: number) => rows.some((row) => typeof row[column] === "number");
  const place = (column: number) => isFigure(column) ? "right" : undefined;
  return (
    <div class="scroll">
      <table class="num">
        <thead>
          <tr>{columns.map((name, i) => <th key={i} scope="col" class={place(i)}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              {row.map((cell, column) => <td key={column} class={place(column)}>{text(cell)}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type BarsData = readonly { label: string; value: number }[];

/** Bars from 0 in both directions, with a table of the numbers for screen readers. */
function Bars({ bars, unit }: { bars: BarsData; unit: string }) {
  if (bars.length === 0) return <p class="muted">No bars.</p>;
  const low = Math.min(0, ...bars.map((bar) => bar.value));
  const high = Math.max(0, ...bars.map((bar) => bar.value));
  const part = (value: number) => 100 * value / (high - low || 1);
  if (bars.length <= MOST_ROWS) {
    return (
      <table class="bar-rows num">
        <tbody>
          {bars.map(({ label, value }, i) => (
            <tr key={i}>
              <th scope="row">{label}</th>
              <td>
                <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                  <rect
                    x={part(Math.min(0, value) - low)}
                    width={part(Math.abs(value))}
                    height="10"
                  />
                </svg>
              </td>
              <td class="right">{measure(value)} {unit}</td>
            </tr>
          ))}
        </tbody>
      </table>
    );
  }
  const most = bars.reduce((a, b) => Math.abs(b.value) > Math.abs(a.value) ? b : a);
  return (
    <figure class="histogram">
      <p class="small num">
        {measure(most.value)} {unit} <span class="muted">at {most.label}</span>
      </p>
      <svg viewBox={`0 0 ${bars.length} 100`} preserveAspectRatio="none" aria-hidden="true">
        {bars.map(({ label, value }, i) => (
          <rect
            key={i}
            x={i + 0.06}
            y={100 - part(Math.max(0, value) - low)}
            width="0.88"
            height={part(Math.abs(value))}
          >
            <title>{`${label}: ${measure(value)} ${unit}`}</title>
          </rect>
        ))}
      </svg>
      <p class="row between muted small num">
        <span>{bars[0]!.label}</span>
        <span>{bars.at(-1)!.label}</span>
      </p>
      <table class="sr-only">
        <tbody>
          {bars.map(({ label, value }, i) => (
            <tr key={i}>
              <th scope="row">{label}</th>
              <td>{measure(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

type PicturesData = NonNullable<Extract<PublicPanel, { kind: "pictures" }>["data"]>;

function Pictures({ data }: { data: PicturesData }) {
  return (
    <ul class={data.count > 16 ? "strip many" : "strip"}>
      {Array.from({ length: data.count }, (_, i) => (
        <li key={i}>
          <Part
            url={data.url}
            place={() => placeOf(data, i)}
            index={i}
            label={data.captions[i] ?? `Picture ${i + 1}`}
          />
          <span class="muted small">{data.captions[i]}</span>
        </li>
      ))}
    </ul>
  );
}

/** Position of a picture in the panel's file. */
function placeOf({ cell: { width, height }, columns }: PicturesData, index: number): Place {
  const column = index % columns, row = Math.floor(index / columns);
  return { left: column * width, top: row * height, width, height };
}

function text(cell: PanelCell): string {
  return typeof cell === "number" ? measure(cell) : cell ?? "";
}
