/** Types of the run state that observers write and the dashboard reads: plain data, one schema. */
import type { Phase } from "../../schedule.ts";
import type { Panel, PanelData, PanelKind } from "../../plugin/panels.ts";
import type { BackendInfo } from "../../backend/types.ts";
import type { DatasetInfo } from "../../data.ts";

/** Version of the stored format; raised when older data can no longer be read. */
export const RUN_SCHEMA = 1;

/** Status of a run. "stale" is not stored: it is a running head with an old heartbeat. */
export type RunStatus = "running" | "stopped" | "finished" | "failed";

/** The head of a run: small, rewritten at every heartbeat. */
export interface RunHead {
  /** Version of the stored format. */
  schema: typeof RUN_SCHEMA;
  /** The run folder's name, e.g. "00003-stylegan-emoji". */
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  /** Unique identity of the run folder; absent for folders of older versions. */
  identity?: string;
  plugin: string;
  data: string;
  status: RunStatus;
  /** Id of the training process, while running. */
  pid: number;
  /** Position in `RunDetails.phases`. */
  phaseIndex: number;
  /** Current resolution, px a side. */
  resolution: number;
  /** Whether the current resolution is fading in. */
  phaseKind: Phase["kind"];
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Reals shown to the discriminator so far: the run's clock. */
  imagesSeen: number;
  /** Images at which it ends, by its schedule or `--images`. */
  imagesTotal: number;
  /** Recent speed; 0 before it is measured. */
  imagesPerSecond: number;
  /** Estimated seconds until the end; null before the speed is measured. */
  etaSeconds: number | null;
  /**
   * Seconds per image by resolution, from which `etaSeconds` was computed; absent before any is
   * measured.
   */
  secondsPerImage?: Record<string, number>;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Milliseconds since 1970; if it is old in a running head, the process has died. */
  heartbeatAt: number;
  /** Milliseconds since 1970; null while it runs. */
  endedAt: number | null;
  /** Training time over all sessions, seconds. */
  trainedSeconds: number;
  seed: number;
  /** Path of the newest sample grid, relative to `folder`. */
  latestSample: string | null;
  warnings: number;
  /** Message of the error that ended a failed run. */
  error: string | null;
  /** Number of sessions: 1, plus 1 for each time it was resumed. */
  sessions: number;
}

/** Facts that don't change during a run, except that plugins may cut phases. */
export interface RunDetails {
  config: Record<string, unknown>;
  phases: Phase[];
  backend: BackendInfo;
  dataset: Omit<DatasetInfo, "skipped"> & { skippedCount: number };
  version: string;
  /** The resolved options of the preset that the run was started with, to compare with `config`. */
  preset?: { name: string; config: Record<string, unknown> };
  /** Command lines for users to copy. */
  commands: RunCommands;
}

/** A run's command lines. */
export interface RunCommands {
  /** Continues training. */
  resume: string;
  /** Gives the run more images after its end; absent in records of earlier versions. */
  extend?: string;
  /** Deletes the run and its folder. */
  remove: string;
  /** Other uses of the run. */
  others: readonly RunCommand[];
}

/** A command line, and what it is for. */
export interface RunCommand {
  /** A word or two, e.g. "Draw more". */
  label: string;
  /** The command line as typed. */
  command: string;
}

/** Values measured at one moment; not every point has all names. */
export interface SeriesPoint {
  imagesSeen: number;
  /** Milliseconds since 1970. */
  time: number;
  /** By name, e.g. "loss/generator". */
  values: Record<string, number>;
}

/** A series as columns; `values` has NaN where a point lacks the name. */
export interface SeriesColumns {
  imagesSeen: Float64Array;
  /** Time of each point, milliseconds since 1970. */
  time: Float64Array;
  /** By name, each as long as `imagesSeen`. */
  values: Record<string, Float32Array>;
  /** Pass to the next `readSeries` to get only what is newer. */
  cursor: string;
  /**
   * True where the run was rewound since `after`: these columns are the whole series, and replace
   * those read before.
   */
  restarted?: boolean;
}

/** A written sample grid. */
export interface SampleEntry {
  imagesSeen: number;
  /** Resolution of the samples, px a side. */
  resolution: number;
  /** Whether that resolution was fading in. */
  phaseKind: Phase["kind"];
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Relative to the run folder. */
  path: string;
  /** Cells across. */
  columns: number;
  /** Cells down. */
  rows: number;
  /** Size of a cell in the file, px a side. */
  cell: number;
  /** Indices, within a row, of the cells that the generator drew; all where absent. */
  drawn?: readonly number[];
  /** "ema": moving average of the generator; "live": the weights in training. */
  weights: "ema" | "live";
  /** When it was written, milliseconds since 1970. */
  time: number;
}

/** A written checkpoint. */
export interface CheckpointEntry {
  /** imagesSeen at which a run resumed from it continues. */
  imagesSeen: number;
  /** Relative to the run folder. */
  path: string;
  /** Total size of its files. */
  bytes: number;
  /** SHA-256 (hex) of the whole state. */
  digest: string;
  /** When it was written, milliseconds since 1970. */
  time: number;
}

/** Pictures of a panel: one file of the run folder. */
export interface PanelPictures {
  /** Relative to the run folder. */
  path: string;
  /** Cells across. */
  columns: number;
  /** Cells down. */
  rows: number;
  count: number;
  /** Size of one cell, px. */
  cell: { width: number; height: number };
  captions: readonly string[];
}

/** A panel's data in the store: as shown, except that pictures are in a file. */
export type StoredPanelData = Omit<PanelData, "pictures"> & {
  pictures: PanelPictures;
};

/** A plugin's panel: its declaration, and what was last shown in it. */
export type PanelEntry = {
  [K in PanelKind]: Extract<Panel, { kind: K }> & {
    plugin: string;
    /** The plugin's own name of the panel. */
    name: string;
    /** Null until something is shown. */
    data: StoredPanelData[K] | null;
    imagesSeen: number;
    /** When it was shown, milliseconds since 1970. */
    time: number;
  };
}[PanelKind];

/** One line of the log. */
export interface LogLine {
  /** Milliseconds since 1970. */
  time: number;
  imagesSeen: number;
  level: "info" | "warning" | "error";
  /** Human-readable; may have several lines. */
  message: string;
  /** Identifies repeats of one warning, e.g. "collapse". */
  code?: string;
}

/** A store of run state. Every implementation passes the same test suite. */
export interface RunStore {
  /** Adds a run; rejects where its id is known. */
  create(head: RunHead, details: RunDetails): Promise<void>;
  /** Changes fields of a head. */
  update(id: string, change: Partial<Omit<RunHead, "schema" | "id">>): Promise<void>;
  /** The head, or null where there is no such run. */
  head(id: string): Promise<RunHead | null>;
  /** The details, or null where there is no such run. */
  details(id: string): Promise<RunDetails | null>;
  /** On resume: replaces the details. */
  describe(id: string, details: RunDetails): Promise<void>;
  /** All heads; rejects where one can't be read. */
  list(): Promise<RunHead[]>;
  /** Ids of all runs, including those whose head can't be read. */
  ids(): Promise<string[]>;
  /** Appends points to the curves. */
  appendSeries(id: string, points: readonly SeriesPoint[]): Promise<void>;
  /** The curves; with a cursor `after`, only newer points. */
  readSeries(id: string, options?: { after?: string }): Promise<SeriesColumns>;
  /** Adds a sample grid, replacing one with the same path. */
  addSample(id: string, entry: SampleEntry): Promise<void>;
  /** Removes the entries of deleted sample grids, by path. */
  removeSamples(id: string, paths: readonly string[]): Promise<void>;
  /** Sample grids, oldest first. */
  samples(id: string): Promise<SampleEntry[]>;
  /** Adds a checkpoint, replacing one with the same imagesSeen. */
  addCheckpoint(id: string, entry: CheckpointEntry): Promise<void>;
  /** Removes the entry of a deleted checkpoint. */
  removeCheckpoint(id: string, imagesSeen: number): Promise<void>;
  /** Checkpoints, oldest first. */
  checkpoints(id: string): Promise<CheckpointEntry[]>;
  /** Stores the latest state of a plugin's panel. */
  setPanel(id: string, entry: PanelEntry): Promise<void>;
  /** All panels, by plugin and name. */
  panels(id: string): Promise<PanelEntry[]>;
  /** Appends lines to the log; beyond the limit, the oldest are removed. */
  appendLog(id: string, lines: readonly LogLine[]): Promise<void>;
  /** At most `limit` lines from number `after` on; `next` is the next call's `after`. */
  readLog(
    id: string,
    options?: { after?: number; limit?: number },
  ): Promise<{ lines: LogLine[]; next: number }>;
  /** On resume: drops points, samples, log lines and panels' data after the checkpoint. */
  rewind(id: string, imagesSeen: number): Promise<void>;
  /** Requests the training process to write a checkpoint and stop. */
  requestStop(id: string): Promise<void>;
  /** Whether a stop has been requested. */
  stopRequested(id: string): Promise<boolean>;
  /** Clears a stop request: the run has stopped, or starts again. */
  clearStop(id: string): Promise<void>;
  /** Removes everything about a run; its folder is not touched. */
  delete(id: string): Promise<void>;
  /**
   * Yields at once, then whenever the run (or, without an id, any head) may have changed; ends with
   * the signal.
   */
  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void>;
  /** Ends watches and closes the store; no call may follow. */
  close(): void;
}
