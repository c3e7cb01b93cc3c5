/** Run state as observers write it and the dashboard reads it: plain data, one schema. */
import type { Phase } from "../../schedule.ts";
import type { Panel, PanelData, PanelKind } from "../../plugin/panels.ts";
import type { BackendInfo } from "../../backend/types.ts";
import type { DatasetInfo } from "../../data.ts";

/** Raised when a stored shape changes so that what was stored before can't be read. */
export const RUN_SCHEMA = 1;

/** How a run stands. "stale" is not stored: it is a running head whose heartbeat is old. */
export type RunStatus = "running" | "stopped" | "finished" | "failed";

/** The head of a run: small, rewritten at every heartbeat. */
export interface RunHead {
  /** Shape of what is stored. */
  schema: typeof RUN_SCHEMA;
  /** The run folder's name, e.g. "00003-stylegan-emoji". */
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  /**
   * The run folder's own, which no other run's has; absent for folders made before they had one.
   */
  identity?: string;
  plugin: string;
  data: string;
  status: RunStatus;
  /** Process that trains, while running. */
  pid: number;
  /** Position in `RunDetails.phases`. */
  phaseIndex: number;
  /** Present resolution, pixels a side. */
  resolution: number;
  /** Whether the present resolution fades in. */
  phaseKind: Phase["kind"];
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Reals shown to the discriminator so far: the run's clock. */
  imagesSeen: number;
  /** Where it ends by its schedule or `--images`. */
  imagesTotal: number;
  /** Recent pace; 0 before it was measured. */
  imagesPerSecond: number;
  /** Seconds that the rest will take; null before the pace was measured. */
  etaSeconds: number | null;
  /**
   * Seconds an image by resolution, by which `etaSeconds` was told; absent before any was measured.
   */
  secondsPerImage?: Record<string, number>;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Milliseconds since 1970; an old one in a running head means that its process died. */
  heartbeatAt: number;
  /** Milliseconds since 1970; null while it runs. */
  endedAt: number | null;
  /** Seconds trained over all sessions. */
  trainedSeconds: number;
  seed: number;
  /** Path of the newest sample grid, relative to `folder`. */
  latestSample: string | null;
  warnings: number;
  /** Message of the error that ended a failed run. */
  error: string | null;
  /** 1, and 1 more each time it was resumed. */
  sessions: number;
}

/** What does not change while a run lasts, but for phases that a plugin cuts. */
export interface RunDetails {
  config: Record<string, unknown>;
  phases: Phase[];
  backend: BackendInfo;
  dataset: Omit<DatasetInfo, "skipped"> & { skippedCount: number };
  version: string;
  /** The preset that the run began from, resolved as `config` is, to compare the two. */
  preset?: { name: string; config: Record<string, unknown> };
  /** Command lines to copy. */
  commands: RunCommands;
}

/** A run's command lines. */
export interface RunCommands {
  /** Goes on with training. */
  resume: string;
  /** Deletes the run and its folder. */
  remove: string;
  /** What else the run can be used for. */
  others: readonly RunCommand[];
}

/** A command line, and what it is for. */
export interface RunCommand {
  /** A word or two, e.g. "Draw more". */
  label: string;
  /** As it is typed. */
  command: string;
}

/** One measured moment: the same names need not be present at each. */
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
  /** Of each point, milliseconds since 1970. */
  time: Float64Array;
  /** By name, each as long as `imagesSeen`. */
  values: Record<string, Float32Array>;
  /** Pass to the next `readSeries` to get only what is newer. */
  cursor: string;
  /**
   * True where the run was rewound since `after`: these columns are the whole series and replace
   * what was read.
   */
  restarted?: boolean;
}

/** A written picture. */
export interface SampleEntry {
  imagesSeen: number;
  /** Pixels a side of what was drawn. */
  resolution: number;
  /** Whether that resolution was fading in. */
  phaseKind: Phase["kind"];
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
  /** Relative to the run folder. */
  path: string;
  /** Cells across and down, and pixels a side of one. */
  columns: number;
  /** Cells down. */
  rows: number;
  /** Pixels a side of a cell in the file. */
  cell: number;
  /** Cells of a row that the generator drew, from 0; without it, all. */
  drawn?: readonly number[];
  /** Which weights: the average, or the generator as it trains. */
  weights: "ema" | "live";
  /** When it was written, milliseconds since 1970. */
  time: number;
}

/** A written checkpoint. */
export interface CheckpointEntry {
  /** Where a run that resumes from it goes on. */
  imagesSeen: number;
  /** Relative to the run folder. */
  path: string;
  /** Size of all its files. */
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
  /** Pixels of one cell. */
  cell: { width: number; height: number };
  captions: readonly string[];
}

/** What a panel holds in the store: what was shown, but for pictures. */
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
  /** For people; may have several lines. */
  message: string;
  /** Groups repeats of one warning, e.g. "collapse". */
  code?: string;
}

/** Where run state lives: Deno KV, or memory in tests; both pass one suite. */
export interface RunStore {
  /** Adds a run; rejects where its id is known. */
  create(head: RunHead, details: RunDetails): Promise<void>;
  /** Changes fields of a head. */
  update(id: string, change: Partial<Omit<RunHead, "schema" | "id">>): Promise<void>;
  /** The head, or null where there is no such run. */
  head(id: string): Promise<RunHead | null>;
  /** What doesn't change while a run trains, or null where there is no such run. */
  details(id: string): Promise<RunDetails | null>;
  /** On resume: replaces the details. */
  describe(id: string, details: RunDetails): Promise<void>;
  /** All heads; rejects where one can't be read. */
  list(): Promise<RunHead[]>;
  /** Ids of all runs, those whose head can't be read among them. */
  ids(): Promise<string[]>;
  /** Adds points at the end of the curves. */
  appendSeries(id: string, points: readonly SeriesPoint[]): Promise<void>;
  /** The curves; with `after`, a cursor, only what is newer. */
  readSeries(id: string, options?: { after?: string }): Promise<SeriesColumns>;
  /** Adds a picture; one of the same path is replaced. */
  addSample(id: string, entry: SampleEntry): Promise<void>;
  /** Forgets pictures that were removed, by their paths. */
  removeSamples(id: string, paths: readonly string[]): Promise<void>;
  /** Pictures, oldest first. */
  samples(id: string): Promise<SampleEntry[]>;
  /** Adds a checkpoint; one of as many images is replaced. */
  addCheckpoint(id: string, entry: CheckpointEntry): Promise<void>;
  /** Forgets a checkpoint whose files were removed. */
  removeCheckpoint(id: string, imagesSeen: number): Promise<void>;
  /** Checkpoints, oldest first. */
  checkpoints(id: string): Promise<CheckpointEntry[]>;
  /** Keeps the newest state of a plugin's panel. */
  setPanel(id: string, entry: PanelEntry): Promise<void>;
  /** All panels, by plugin and name. */
  panels(id: string): Promise<PanelEntry[]>;
  /** Adds lines at the end of the log; beyond what is kept, the oldest go. */
  appendLog(id: string, lines: readonly LogLine[]): Promise<void>;
  /** Lines after number `after`, `limit` at most; `next` is the next call's `after`. */
  readLog(
    id: string,
    options?: { after?: number; limit?: number },
  ): Promise<{ lines: LogLine[]; next: number }>;
  /**
   * On resume: drops series, samples, log lines and what panels hold beyond what the checkpoint had
   * seen.
   */
  rewind(id: string, imagesSeen: number): Promise<void>;
  /** A reader asks the training process to checkpoint and stop. */
  requestStop(id: string): Promise<void>;
  /** Whether a reader has asked. */
  stopRequested(id: string): Promise<boolean>;
  /** Forgets that a reader asked: the run has stopped, or begins anew. */
  clearStop(id: string): Promise<void>;
  /** Forgets everything of a run; its folder stays. */
  delete(id: string): Promise<void>;
  /**
   * Yields at once, then whenever the run (or, without an id, any head) may have changed; ends with
   * the signal.
   */
  watch(id: string | undefined, signal: AbortSignal): AsyncIterable<void>;
  /** Ends watches and gives the store back; no call may follow. */
  close(): void;
}
