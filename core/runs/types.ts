/** Run state as observers write it and the dashboard reads it: plain data, one schema. */
import type { Phase } from "../schedule.ts";
import type { BackendInfo } from "../backend/types.ts";
import type { DatasetInfo } from "../data.ts";

/** Raised when a stored shape changes. */
export const RUN_SCHEMA = 1;

/** How a run stands. "stale" is not stored: it is a running head whose heartbeat is old. */
export type RunStatus = "running" | "stopped" | "finished" | "failed";

/** The head of a run: small, rewritten at every heartbeat. */
export interface RunHead {
  schema: typeof RUN_SCHEMA;
  /** The run folder's name, e.g. "00003-stylegan-emoji". */
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  plugin: string;
  data: string;
  status: RunStatus;
  /** Process that trains, while running. */
  pid: number;
  phaseIndex: number;
  resolution: number;
  phaseKind: Phase["kind"];
  alpha: number;
  imagesSeen: number;
  imagesTotal: number;
  imagesPerSecond: number;
  etaSeconds: number | null;
  startedAt: number; // ms since 1970
  heartbeatAt: number; // ms since 1970
  endedAt: number | null;
  /** Seconds trained over all sittings. */
  trainedSeconds: number;
  seed: number;
  /** Path of the newest sample grid, relative to `folder`. */
  latestSample: string | null;
  warnings: number;
  /** Message of the error that ended a failed run. */
  error: string | null;
  sittings: number; // 1 + how often it was resumed
}

/** What does not change while a run lasts. */
export interface RunDetails {
  config: Record<string, unknown>; // resolved
  phases: Phase[];
  backend: BackendInfo;
  dataset: Omit<DatasetInfo, "skipped"> & { skippedCount: number };
  version: string; // of Cambium
  /** The preset that the run began from, resolved as `config` is, to compare the two. */
  preset?: { name: string; config: Record<string, unknown> };
}

/** One measured moment: the same names need not be present at each. */
export interface SeriesPoint {
  imagesSeen: number;
  time: number; // ms since 1970
  values: Record<string, number>;
}

/** A series as columns; `values` has NaN where a point lacks the name. */
export interface SeriesColumns {
  imagesSeen: Float64Array;
  time: Float64Array;
  values: Record<string, Float32Array>;
  /** Pass to the next `readSeries` to get only what is newer. */
  cursor: string;
  /** True where the run was rewound since `after`: these columns are the whole series and replace what was read. */
  restarted?: boolean;
}

/** A written picture. */
export interface SampleEntry {
  imagesSeen: number;
  resolution: number;
  phaseKind: Phase["kind"];
  alpha: number;
  path: string; // relative to the run folder
  /** Cells across and down, and pixels a side of one. */
  columns: number;
  rows: number;
  cell: number;
  /** Which weights: the average, or the generator as it trains. */
  weights: "ema" | "live";
  time: number;
}

/** A written checkpoint. */
export interface CheckpointEntry {
  imagesSeen: number;
  path: string; // relative to the run folder
  bytes: number;
  /** SHA-256 (hex) of the whole state. */
  digest: string;
  time: number;
}

/** One line of the log. */
export interface LogLine {
  time: number;
  imagesSeen: number;
  level: "info" | "warning" | "error";
  message: string;
  /** Groups repeats of one warning, e.g. "collapse". */
  code?: string;
}

/** Where run state lives: Deno KV, or memory in tests; both pass one suite. */
export interface RunStore {
  create(head: RunHead, details: RunDetails): Promise<void>;
  update(id: string, change: Partial<Omit<RunHead, "schema" | "id">>): Promise<void>;
  head(id: string): Promise<RunHead | null>;
  details(id: string): Promise<RunDetails | null>;
  /** All heads; rejects where one can't be read. */
  list(): Promise<RunHead[]>;
  /** Ids of all runs, those whose head can't be read among them. */
  ids(): Promise<string[]>;
  appendSeries(id: string, points: readonly SeriesPoint[]): Promise<void>;
  readSeries(id: string, options?: { after?: string }): Promise<SeriesColumns>;
  addSample(id: string, entry: SampleEntry): Promise<void>;
  samples(id: string): Promise<SampleEntry[]>;
  addCheckpoint(id: string, entry: CheckpointEntry): Promise<void>;
  removeCheckpoint(id: string, imagesSeen: number): Promise<void>;
  checkpoints(id: string): Promise<CheckpointEntry[]>;
  appendLog(id: string, lines: readonly LogLine[]): Promise<void>;
  readLog(
    id: string,
    options?: { after?: number; limit?: number },
  ): Promise<{ lines: LogLine[]; next: number }>;
  /** On resume: drops series, samples and log lines beyond what the checkpoint had seen. */
  rewind(id: string, imagesSeen: number): Promise<void>;
  /** A reader asks the training process to checkpoint and stop. */
  requestStop(id: string): Promise<void>;
  stopRequested(id: string): Promise<boolean>;
  clearStop(id: string): Promise<void>;
  delete(id: string): Promise<void>;
  /** Yields at once, then whenever the run (or, without an id, any head) may have changed; ends with the signal. */
  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void>;
  close(): void;
}
