/** What a session of a run is given, and what it gives. */
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

/** What a session needs. */
export interface TrainOptions {
  /** The run in memory, at its first image or restored from a checkpoint. */
  training: TrainingState;
  /** Where batches come from; not closed. */
  dataset: Dataset;
  /** Where pictures and checkpoints go. */
  output: RunOutput;
  /** Told of every event, in order; one that fails is told later what it missed. */
  observers: readonly Observer[];
  /** Aborting it checkpoints at the next step boundary and ends the session as "stopped". */
  signal: AbortSignal;
  /** Sums of an interval that the checkpoint had begun. */
  interval?: RunningMeans;
  /**
   * Where processes train together: asked at every step's boundary, with why this one wishes to
   * end. All are told the same: to go on, or to end now.
   */
  agree?(own: Pick<TrainResult, "status" | "reason"> | undefined): Promise<
    Pick<TrainResult, "status" | "reason"> | undefined
  >;
  /** Where processes train together: told at each progress how this one does. */
  workers?: WorkersPace;
  /** Measures generated images against real ones; charted where `metricsEvery` is not 0. */
  measure?(training: TrainingState): Promise<Record<string, number>>;
  /** Asked before each phase whether its resolution fits into memory. */
  growthGuard?: GrowthGuard;
  /** To guess how long the resolutions that are not yet reached will take. */
  relativeTimes?: RelativeTimes;
  /** All options, for the start event. */
  config: Record<string, unknown>;
}

/** Hears how this worker does, and knows it of all where it is rank 0. */
export interface WorkersPace {
  tell(pace: WorkerPace): void;
  /** Empty on other ranks, and before all have told. */
  readonly rows: readonly WorkerRow[];
}

/** Looks once a resolution whether the next one fits into memory. */
export interface GrowthGuard {
  /**
   * Call it before the training enters `phase`. Predicts what its steps will take, says so in the
   * log, and cuts batches into parts where they would not fit whole.
   * @returns false where not even single samples are expected to fit: save what there is
   */
  look(phase: Phase): Promise<boolean>;
}

/** What a picture shows. */
type SampleFacts = Pick<
  SampleEntry,
  "imagesSeen" | "resolution" | "phaseKind" | "alpha" | "weights"
>;

/**
 * Receives what a run produces besides events; the run folder implements it, tests keep it in
 * memory.
 */
export interface RunOutput extends PanelOutput {
  /** Absolute path of the run folder; "" where a test keeps a run in memory. */
  readonly folder: string;
  /**
   * Writes a sample grid.
   * @returns what was written, and the paths of older ones that are to be removed for it
   */
  writeSamples(
    preview: HostPreview,
    facts: SampleFacts,
  ): Promise<{ entry: SampleEntry; surplus: string[] }>;
  /** Removes sample grids; one that is gone already is none. */
  removeSamples(paths: readonly string[]): Promise<void>;
  /** The reals beside the samples, once. */
  writeReals(preview: HostPreview): Promise<void>;
  /**
   * Writes, then removes the oldest beyond what is kept.
   * @param endOf the resolution that has just been trained to its end: such a checkpoint is kept
   * for good
   */
  writeCheckpoint(
    snapshot: Snapshot,
    endOf?: number,
  ): Promise<{ entry: CheckpointEntry; removed: number[] }>;
}

/** How a session ended. */
export interface TrainResult {
  /** "stopped" can be resumed; "finished" has reached its end. */
  status: "finished" | "stopped";
  imagesSeen: number;
  reason: string;
  /** Of the last checkpoint: the hash of the whole state. */
  digest: string;
  /** Of the last checkpoint, relative to the run folder. */
  path: string;
}
