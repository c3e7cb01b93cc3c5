/** Sample records of the run store, for tests. */
import { usualCommands } from "./run_commands.ts";
import type {
  LogLine,
  PanelEntry,
  RunDetails,
  RunHead,
  SampleEntry,
  SeriesColumns,
} from "./types.ts";

/** A head for tests. */
export function testHead(id: string, change: Partial<RunHead> = {}): RunHead {
  return {
    schema: 1,
    id,
    folder: `runs/${id}`,
    plugin: "stylegan",
    data: "emoji",
    status: "running",
    pid: 1,
    phaseIndex: 0,
    resolution: 4,
    phaseKind: "stabilize",
    alpha: 1,
    imagesSeen: 0,
    imagesTotal: 100,
    imagesPerSecond: 0,
    etaSeconds: null,
    startedAt: 0,
    heartbeatAt: 0,
    endedAt: null,
    trainedSeconds: 0,
    seed: 1,
    latestSample: null,
    warnings: 0,
    error: null,
    sessions: 1,
    ...change,
  };
}

/** Details for tests. */
export function testDetails(labels: string[] = []): RunDetails {
  return {
    config: { gamma: 10, labels },
    phases: [],
    backend: {
      name: "cpu",
      precision: "float32",
      library: "test",
      origin: "test",
      threads: 1,
      devices: [],
      fingerprint: {},
    },
    dataset: {
      kind: "images",
      name: "emoji",
      source: "emoji",
      digest: "d",
      count: 1,
      heldOutCount: 0,
      channels: 3,
      maxResolution: 8,
      labels,
      skippedCount: 0,
    },
    version: "0.1.0",
    commands: usualCommands("a"),
  };
}

/** A sample grid. */
export function sample(imagesSeen: number, path: string): SampleEntry {
  return {
    imagesSeen,
    path,
    resolution: 4,
    phaseKind: "fade",
    alpha: 0.5,
    columns: 2,
    rows: 1,
    cell: 4,
    weights: "ema",
    time: 5,
  };
}

/** A panel that was shown at `imagesSeen`. */
export function panel(
  imagesSeen: number,
  name: string,
  rows: (string | number | null)[][],
): PanelEntry {
  return {
    kind: "table",
    title: "Figures",
    columns: ["name", "value"],
    plugin: "watch",
    name,
    imagesSeen,
    time: 5,
    data: rows,
  };
}

/** A line of the log. */
export function line(imagesSeen: number, message: string): LogLine {
  return { time: imagesSeen, imagesSeen, level: "info", message };
}

/** A point of the curves. */
export function point(imagesSeen: number, values: Record<string, number>) {
  return { imagesSeen, time: imagesSeen * 10, values };
}

/** Columns as plain arrays, for comparisons. */
export function columns(series: SeriesColumns) {
  const values = Object.entries(series.values).map(([name, column]) => [name, [...column]]);
  return { imagesSeen: [...series.imagesSeen], values: Object.fromEntries(values) };
}
