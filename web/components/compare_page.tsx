/// <reference lib="dom" />
/** Compares several runs: their curves on common charts, their configurations and their samples. */
import { useMemo, useState } from "preact/hooks";
import type { RunDetails } from "../../core/run/store/types.ts";
import { bandsOf, positions, restartsOf } from "../charts/axis.ts";
import { Chart, type View } from "../charts/chart.tsx";
import { groupSeries, shortName } from "../charts/group.ts";
import { smoothLater, weightOf } from "../charts/smooth.ts";
import { compareConfigs } from "../lib/config_diff.ts";
import { compareAddress, MAX_COMPARED } from "../lib/compare_address.ts";
import { count } from "../lib/format.ts";
import { shownStatus } from "../lib/status.ts";
import { useNow } from "../live/clock.ts";
import { type SeriesFeeds, useSeriesFeeds } from "../live/series_feeds.ts";
import type { RunCard } from "../live/wire.ts";
import { placeOf } from "../pictures/growth.ts";
import { CurveBar, type CurveSettings, putCurveSettings, useCurveSettings } from "./curve_bar.tsx";
import { Empty } from "./empty.tsx";
import { Picture } from "./picture.tsx";
import { SettingsTable } from "./settings.tsx";
import { StatusBadge } from "./status_badge.tsx";
import { addressOf } from "../lib/address.ts";

interface Props {
  runs: readonly { card: RunCard; details: RunDetails }[];
  /** Requested ids that do not exist. */
  missing: readonly string[];
  /** Requested ids beyond the maximum that can be compared. */
  leftOut: readonly string[];
  cards: readonly RunCard[];
  now: number; // ms since 1970
  search: string;
}

/** The compare page; its URL contains the runs. */
export function ComparePage({ runs, missing, leftOut, cards, now: serverNow, search }: Props) {
  const ids = runs.map((run) => run.card.head.id);
  const feeds = useSeriesFeeds(ids);
  const now = useNow(feeds.now ?? serverNow);
  const curves = useCurveSettings(search);
  const address = (next: readonly string[]) => {
    const rest = new URLSearchParams(search);
    putCurveSettings(rest, curves[0]);
    return compareAddress(next, rest);
  };
  const all = feeds.cards.size > 0 ? [...feeds.cards.values()] : cards;
  const free = all.filter(({ head }) => !ids.includes(head.id));
  return (
    <>
      <div class="page-head">
        <h1>Compare</h1>
        <p>
          {ids.length === 0
            ? "Put runs side by side"
            : ids.length === 1
            ? "One run so far"
            : `${ids.length} runs on one chart`}
        </p>
      </div>
      {missing.map((id) => (
        <p key={id} class="notice warning gap-below">There is no run “{id}” any more.</p>
      ))}
      {leftOut.length > 0 && (
        <p class="notice warning gap-below">
          <strong>At most {MAX_COMPARED} runs can be compared.</strong> Left out:{" "}
          {leftOut.join(", ")}.
        </p>
      )}
      {feeds.gone.map((id) => (
        <p key={id} class="notice warning gap-below" role="alert">
          <strong>“{id}” was taken off the dashboard.</strong> What you see is its last state.
        </p>
      ))}
      {feeds.problems.length > 0 && (
        <p class="notice error gap-below" role="alert">
          <strong>Run state can't be read in full.</strong> {feeds.problems.join(" ")}
        </p>
      )}
      <ul class="chosen">
        {ids.map((id, i) => {
          const { head } = feeds.cards.get(id) ?? runs[i]!.card;
          return (
            <li key={id} class={`chip c${i}`}>
              <a href={addressOf(`/runs/${id}`)}>{id}</a>
              {!feeds.gone.includes(id) && <StatusBadge status={shownStatus(head, now)} />}
              <a
                class="button tiny quiet"
                href={address(ids.filter((one) => one !== id))}
                aria-label={`Leave ${id} out`}
              >
                ×
              </a>
            </li>
          );
        })}
        {free.length > 0 && ids.length < MAX_COMPARED && (
          <li>
            <form
              class="row"
              onSubmit={(event) => {
                event.preventDefault();
                const id = new FormData(event.currentTarget).get("run");
                location.assign(address([...ids, String(id)]));
              }}
            >
              <select class="select" name="run" aria-label="Run to add">
                {free.map(({ head }) => <option key={head.id} value={head.id}>{head.id}</option>)}
              </select>
              <button type="submit" class="button tiny">Add</button>
            </form>
          </li>
        )}
      </ul>
      {runs.length === 0
        ? (
          <Empty title="Nothing to compare yet">
            <p>
              Tick two or more runs on the{" "}
              <a href={addressOf("/")}>list of runs</a>, or add them above. With “Phase” as the
              horizontal axis, runs with different schedules lie under each other.
            </p>
          </Empty>
        )
        : <Compared {...{ runs, feeds, curves }} />}
    </>
  );
}

interface ComparedProps {
  runs: Props["runs"];
  feeds: SeriesFeeds;
  curves: ReturnType<typeof useCurveSettings>;
}

function Compared({ runs, feeds: { buffers, cards }, curves }: ComparedProps) {
  const ids = runs.map((run) => run.card.head.id);
  const [settings, setSettings] = curves;
  const [view, setView] = useState<View>(null);
  const [onlyDifferent, setOnlyDifferent] = useState(true);
  const version = [...buffers.values()].reduce((sum, buffer) => sum + buffer.version + 1, 0);
  const names = [...new Set([...buffers.values()].flatMap((buffer) => buffer.names))].sort();
  const change = (next: CurveSettings) => {
    if (next.axis !== settings.axis) setView(null);
    setSettings(next);
  };
  const axes = useMemo(() =>
    runs.map(({ card, details }) => {
      const buffer = buffers.get(card.head.id);
      if (!buffer) return null;
      const x = positions(settings.axis, buffer, details.phases);
      return { buffer, x, restarts: restartsOf(details.phases, buffer.imagesSeen) };
    }), [version, settings.axis]);
  const first = axes[0];
  const bands = first && settings.axis !== "time"
    ? bandsOf(settings.axis, runs[0]!.details.phases, {
      x: first.x,
      imagesSeen: first.buffer.imagesSeen,
    })
    : [];
  const rows = compareConfigs(runs.map((run) => run.details.config));
  return (
    <div class="run">
      <section class="panel" aria-labelledby="curves-title">
        <header>
          <h2 id="curves-title">Curves</h2>
          <p>
            Shaded by the phases of{" "}
            {ids[0]}. Drag to zoom, with Alt to move along, double-click to see all.
          </p>
        </header>
        <CurveBar
          settings={settings}
          onChange={change}
          isZoomed={view !== null}
          onReset={() => setView(null)}
        />
        <div class="charts">
          {groupSeries(names).flatMap(({ title, names: members }) =>
            members.map((name) => (
              <RunsChart
                key={name}
                title={members.length > 1 || name.includes("/")
                  ? `${title}: ${shortName(name)}`
                  : title}
                {...{ name, ids, axes, bands, settings, view, setView, version }}
              />
            ))
          )}
        </div>
      </section>
      <section class="panel" aria-labelledby="last-title">
        <header>
          <h2 id="last-title">Newest samples</h2>
        </header>
        <div class="last-samples">
          {runs.map(({ card }, i) => {
            const { head, thumbnail } = cards.get(card.head.id) ?? card;
            return (
              <figure key={head.id}>
                {thumbnail
                  ? (
                    <Picture
                      url={thumbnail.url}
                      alt={`Newest samples of ${head.id}`}
                      class="grid-picture"
                      gone="picture is gone"
                    />
                  )
                  : <p class="cell missing">no sample yet</p>}
                <figcaption class={`swatch c${i}`}>
                  {head.id}
                  {thumbnail && (
                    <span class="muted num">
                      {" "}
                      {count(thumbnail.imagesSeen)} images, {placeOf(thumbnail)}
                    </span>
                  )}
                </figcaption>
              </figure>
            );
          })}
        </div>
      </section>
      <section class="panel" aria-labelledby="settings-title">
        <header>
          <h2 id="settings-title">Configuration</h2>
          <label class="check small">
            <input
              type="checkbox"
              checked={onlyDifferent}
              onChange={(event) => setOnlyDifferent(event.currentTarget.checked)}
            />
            Only what differs
          </label>
        </header>
        <div class="scroll">
          <SettingsTable
            rows={onlyDifferent ? rows.filter((row) => row.differs) : rows}
            heads={ids}
          />
        </div>
        {rows.every((row) => !row.differs) && <p class="muted">These runs are configured alike.</p>}
      </section>
    </div>
  );
}

interface ChartProps {
  title: string;
  name: string;
  ids: readonly string[];
  axes: readonly ({ buffer: SeriesOf; x: Float64Array; restarts: number[] } | null)[];
  bands: ReturnType<typeof bandsOf>;
  settings: CurveSettings;
  view: View;
  setView: (view: View) => void;
  version: number;
}
type SeriesOf = { names: string[]; column(name: string): Float32Array };

function RunsChart(
  { title, name, ids, axes, bands, settings, view, setView, version }: ChartProps,
) {
  const sources = useMemo(() =>
    axes.flatMap((run, i) => {
      if (!run || !run.buffer.names.includes(name)) return [];
      const raw = run.buffer.column(name);
      const line = {
        label: ids[i]!,
        color: i,
        raw,
        smooth: smoothLater(raw, weightOf(name, settings.smoothing), run.restarts),
      };
      return [{ x: run.x, lines: [line] }];
    }), [axes, settings.smoothing, version]);
  return (
    <Chart
      {...{ title, sources, bands, view, version }}
      axis={settings.axis}
      shade={settings.bands}
      log={settings.log}
      onView={setView}
      syncKey="compare"
    />
  );
}
