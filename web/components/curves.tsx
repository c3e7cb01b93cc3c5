/// <reference lib="dom" />
/** All curves of a run in groups, with a common toolbar and cursor. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Phase } from "../../core/schedule.ts";
import { bandsOf, positions, restartsOf, type XAxis } from "../charts/axis.ts";
import { Chart, type View } from "../charts/chart.tsx";
import { groupSeries, shortName } from "../charts/group.ts";
import type { PlotSource } from "../charts/plot.ts";
import { smoothLater, weightOf } from "../charts/smooth.ts";
import type { PublicPanel } from "../live/wire.ts";
import type { SeriesBuffer } from "../live/series_buffer.ts";
import { CurveBar, type CurveSettings, useCurveSettings } from "./curve_bar.tsx";
import { Section } from "./section.tsx";

interface Props {
  series: SeriesBuffer;
  phases: readonly Phase[];
  /** Panels of kind "curves" collect series in charts of their own. */
  panels: readonly PublicPanel[];
  search: string;
  isLoading: boolean;
}

/** Above this many points, live curves are redrawn twice a second instead of at every event. */
const MANY_POINTS = 20_000;

export function Curves({ series, phases, panels, search, isLoading }: Props) {
  const [settings, setSettings] = useCurveSettings(search);
  const [view, setView] = useState<View>(null);
  const version = useCalmVersion(series);
  const groups = useMemo(() => groupSeries(series.names, panels), [
    series,
    series.names.length,
    panels,
  ]);
  const x = useMemo(() => positions(settings.axis, series, phases), [
    series,
    version,
    settings.axis,
  ]);
  const restarts = useMemo(() => restartsOf(phases, series.imagesSeen), [series, version]);
  const bands = useMemo(
    () => bandsOf(settings.axis, phases, { x, imagesSeen: series.imagesSeen }),
    [x],
  );
  const change = (next: CurveSettings) => {
    if (next.axis !== settings.axis) setView(null);
    setSettings(next);
  };

  return (
    <Section
      id="curves"
      title="Curves"
      note="Drag to zoom, with Alt to move along, double-click to see all. Smoothing starts anew where a phase begins; the pale band is the raw range."
    >
      <CurveBar
        settings={settings}
        onChange={change}
        isZoomed={view !== null}
        onReset={() => setView(null)}
      />
      {series.length === 0
        ? <p class="muted">{isLoading ? "Loading curves…" : "No point has been written yet."}</p>
        : (
          <div class="charts">
            {groups.map((group) => (
              <Group
                key={group.key}
                {...{ series, x, restarts, bands, settings, view, setView, version }}
                title={group.title}
                note={group.note}
                names={group.names}
              />
            ))}
          </div>
        )}
    </Section>
  );
}

interface GroupProps {
  title: string;
  note: string | undefined;
  names: readonly string[];
  series: SeriesBuffer;
  x: Float64Array;
  restarts: readonly number[];
  bands: ReturnType<typeof bandsOf>;
  settings: CurveSettings;
  view: View;
  setView: (view: View) => void;
  version: number;
}

function Group(
  { title, note, names, series, x, restarts, bands, settings, view, setView, version }: GroupProps,
) {
  const sources = useMemo((): PlotSource[] => [{
    x,
    lines: names.map((name, i) => {
      const raw = series.column(name);
      return {
        label: shortName(name),
        color: i % 8,
        raw,
        smooth: smoothLater(raw, weightOf(name, settings.smoothing), restarts),
      };
    }),
  }], [series, version, x, settings.smoothing, names.join()]);
  return (
    <Chart
      title={title}
      note={note}
      sources={sources}
      bands={bands}
      shade={settings.bands}
      axis={settings.axis}
      log={settings.log}
      view={view}
      onView={setView}
      syncKey="run"
      version={version}
    />
  );
}

/** The buffer's version, updated less often if redrawing is expensive. */
function useCalmVersion(series: SeriesBuffer): number {
  const [version, setVersion] = useState(series.version);
  const latest = series.version;
  useEffect(() => {
    if (series.length < MANY_POINTS || version === 0) return setVersion(latest);
    const timer = setTimeout(() => setVersion(series.version), 500);
    return () => clearTimeout(timer);
  }, [series, series.length < MANY_POINTS ? latest : Math.floor(Date.now() / 500)]);
  return series.length < MANY_POINTS ? latest : version;
}

export type { XAxis };
