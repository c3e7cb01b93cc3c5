/// <reference lib="dom" />
/** Settings for drawing curves, kept in the URL. */
import { useState } from "preact/hooks";
import type { XAxis } from "../charts/axis.ts";
import { Segments } from "./segments.tsx";

/** Settings of all curves on a page. */
export interface CurveSettings {
  smoothing: number; // 0 … 0.999
  axis: XAxis;
  log: boolean;
  bands: boolean;
}

const axes: Record<XAxis, string> = { images: "Images", time: "Time", phase: "Phase" };

/** Reads settings from a URL's query. */
export function curveSettingsFrom(search: string): CurveSettings {
  const query = new URLSearchParams(search);
  const axis = query.get("x") ?? "images";
  const smoothing = Number(query.get("smooth") ?? 0.9);
  return {
    smoothing: smoothing >= 0 && smoothing < 1 ? smoothing : 0.9,
    axis: Object.hasOwn(axes, axis) ? axis as XAxis : "images", // it is a key of `axes`
    log: query.get("log") === "1",
    bands: query.get("bands") !== "0",
  };
}

/** Writes settings to a URL's query; defaults are left out. */
export function putCurveSettings(query: URLSearchParams, settings: CurveSettings): void {
  const usual = curveSettingsFrom("");
  const put = (name: string, value: string, isUsual: boolean) =>
    isUsual ? query.delete(name) : query.set(name, value);
  const { smoothing, axis, log, bands } = settings;
  put("smooth", String(smoothing), smoothing === usual.smoothing);
  put("x", axis, axis === usual.axis);
  put("log", "1", log === usual.log);
  put("bands", "0", bands === usual.bands);
}

/** State for the settings that survives a reload. */
export function useCurveSettings(search: string): [CurveSettings, (next: CurveSettings) => void] {
  const [settings, set] = useState(() => curveSettingsFrom(search));
  return [settings, (next) => {
    set(next);
    const url = new URL(location.href);
    putCurveSettings(url.searchParams, next);
    history.replaceState(null, "", url);
  }];
}

interface Props {
  settings: CurveSettings;
  onChange: (next: CurveSettings) => void;
  isZoomed: boolean;
  onReset: () => void;
}

/** The toolbar above the charts. */
export function CurveBar({ settings, onChange, isZoomed, onReset }: Props) {
  const change = (part: Partial<CurveSettings>) => onChange({ ...settings, ...part });
  return (
    <div class="curve-bar">
      <label class="smoothing">
        <span>Smoothing</span>
        <input
          type="range"
          min="0"
          max="0.999"
          step="0.001"
          value={settings.smoothing}
          onInput={(event) => change({ smoothing: Number(event.currentTarget.value) })}
        />
        <output class="num">{settings.smoothing.toFixed(3)}</output>
      </label>
      <Segments
        label="Horizontal axis"
        options={axes}
        value={settings.axis}
        onChange={(axis) => change({ axis })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={settings.log}
          onChange={(event) => change({ log: event.currentTarget.checked })}
        />
        Log scale
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={settings.bands}
          onChange={(event) => change({ bands: event.currentTarget.checked })}
        />
        Phases
      </label>
      <button type="button" class="button tiny" disabled={!isZoomed} onClick={onReset}>
        Show all
      </button>
    </div>
  );
}
