import type { DatasetInfo } from "../data.ts";
import type { Model, OpenedRun, RunPlugins } from "../plugin/mod.ts";
import type { TrainingState } from "../trainer/mod.ts";
import type { KeptNotices } from "./notices.ts";
import type { RunSpec } from "./spec/run_spec.ts";

/** A run with its networks in memory, at a checkpoint or as it trains. */
export interface LoadedRun<M extends Model = Model> extends OpenedRun {
  /**
   * Its networks, at its present resolution; of the plugin's own type where it was given as an
   * object.
   */
  readonly model: M;
  readonly spec: RunSpec;
  readonly loaded: RunPlugins;
  /** Its networks and all that training changes. */
  readonly training: TrainingState;
  readonly dataset: DatasetInfo;
  /** Reals that its discriminator has seen: the run's clock. */
  readonly imagesSeen: number;
  /** px a side of what its generator draws now. */
  readonly resolution: number;
  /** Weight of the newest block, 0 … 1. */
  readonly alpha: number;
  /** Told what opening and measuring do. */
  readonly notices: KeptNotices;
}
