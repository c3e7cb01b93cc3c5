import type { DatasetInfo } from "../data.ts";
import type { Model, OpenedRun, RunPlugins } from "../plugin/mod.ts";
import type { TrainingState } from "../trainer/mod.ts";
import type { KeptNotices } from "./notices.ts";
import type { RunSpec } from "./spec/run_spec.ts";

/** A run with its networks in memory, at a checkpoint or in training. */
export interface LoadedRun<M extends Model = Model> extends OpenedRun {
  /**
   * Its networks, at its current resolution; of the plugin's own type where that was given as an
   * object.
   */
  readonly model: M;
  readonly spec: RunSpec;
  readonly loaded: RunPlugins;
  /** Its networks and all other state that training changes. */
  readonly training: TrainingState;
  readonly dataset: DatasetInfo;
  /** Reals shown to the discriminator: the run's clock. */
  readonly imagesSeen: number;
  /** px a side of the images that its generator draws now. */
  readonly resolution: number;
  /** Weight of the newest block, 0 … 1. */
  readonly alpha: number;
  /** Receives messages about opening and measuring. */
  readonly notices: KeptNotices;
}
