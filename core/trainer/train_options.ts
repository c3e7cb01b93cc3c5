/** Inputs and result of a session. */
import type { Dataset } from "../data.ts";
import type { Observer } from "../events.ts";
import type { Phase } from "../schedule.ts";
import type { WorkerPace, WorkerRow } from "../workers/worker_pace.ts";
import type { CheckpointEntry, SampleEntry } from "../run/store/types.ts";
import type { HostPreview } from "./preview.ts";
import type { RelativeTimes } from "../reporting/pace.ts";
import type { PanelOutput } from "../reporting/reporter.ts";
import type { RunningMeans } from "../reporting/running_means.ts";
import type { Snapshot } from "./snapshot.ts";
import type { TrainingState } from "./training_state.ts";

/** Options of {@linkcode train}. */
export interface TrainOptions {
  /** The run in memory, at its first image or restored from a checkpoint. */
  training: TrainingState;
  /** Where batches come from; the caller closes it. */
  dataset: Dataset;
  /** Where pictures and checkpoints are written. */
  output: RunOutput;
  /** They get every event, in order; an observer that fails gets what it missed later. */
  observers: readonly Observer[];
  /**
   * When aborted, the session writes a checkpoint at the next step boundary and ends as "stopped".
   */
  signal: AbortSignal;
  /** Sums of the curves' interval that was unfinished at the checkpoint. */
  interval?: RunningMeans;
  /**
   * In distributed training: called at every step boundary with this process's reason to end, if
   * any. Resolves to the same on all processes: undefined to go on, or why all end now.
   */
  agree?(own: Pick<TrainResult, "status" | "reason"> | undefined): Promise<
    Pick<TrainResult, "status" | "reason"> | undefined
  >;
  /** In distributed training: receives this process's pace at each progress event. */
  workers?: WorkersPace;
  /** Compares generated images with reals; called every `metricsEvery` images. */
  measure?(training: TrainingState): Promise<Record<string, number>>;
  /** Checks before each phase whether its resolution fits into memory. */
  growthGuard?: GrowthGuard;
  /** Used to estimate how long resolutions not yet reached will take. */
  relativeTimes?: RelativeTimes;
  /** All resolved options, for the start event. */
  config: Record<string, unknown>;
}

/** Takes this worker's pace; on rank 0 it knows that of all workers. */
export interface WorkersPace {
  tell(pace: WorkerPace): void;
  /** Empty on other ranks, and before every worker has reported. */
  readonly rows: readonly WorkerRow[];
}

/** Checks once per resolution whether it fits into memory. */
export interface GrowthGuard {
  /**
   * To be called before the training enters `phase`. Predicts and logs the memory that its steps
   * will take, and splits batches into parts where whole ones would not fit.
   * @returns false where not even single samples are expected to fit: write a checkpoint first
   */
  look(phase: Phase): Promise<boolean>;
}

/** What a sample grid was drawn from. */
type SampleFacts = Pick<
  SampleEntry,
  "imagesSeen" | "resolution" | "phaseKind" | "alpha" | "weights"
>;

/**
 * Receives what a run produces besides events. Implemented by the run folder, and in memory by
 * tests.
 */
export interface RunOutput extends PanelOutput {
  /** Absolute path of the run folder; "" where a test keeps a run in memory. */
  readonly folder: string;
  /**
   * Writes a sample grid.
   * @returns what was written, and the paths of older grids that should now be removed
   */
  writeSamples(
    preview: HostPreview,
    facts: SampleFacts,
  ): Promise<{ entry: SampleEntry; surplus: string[] }>;
  /** Removes sample grids; those already gone are ignored. */
  removeSamples(paths: readonly string[]): Promise<void>;
  /** Writes the picture of reals to compare samples with; called once per run. */
  writeReals(preview: HostPreview): Promise<void>;
  /**
   * Writes a checkpoint, then removes the oldest ones beyond the number to keep.
   * @param endOf the resolution just completed, px, if any: such a checkpoint is never removed
   */
  writeCheckpoint(
    snapshot: Snapshot,
    endOf?: number,
  ): Promise<{ entry: CheckpointEntry; removed: number[] }>;
}

/** How a session ended. */
export interface TrainResult {
  /** "stopped" before the end, to be resumed; "finished" at its end. */
  status: "finished" | "stopped";
  imagesSeen: number;
  reason: string;
  /** Digest of the last checkpoint: a hash of the whole state. */
  digest: string;
  /** Path of the last checkpoint, relative to the run folder. */
  path: string;
}
