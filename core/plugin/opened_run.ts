import type { Backend } from "../backend/types.ts";
import type { RunConfig } from "../config/mod.ts";
import type { Context, Model } from "./types.ts";

/** A run opened for drawing from it. */
export interface OpenedRun<M extends Model = Model> {
  /** The run folder's name. */
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  /** The model's name. */
  plugin: string;
  /** The context that the model's hooks were given. */
  context: Context;
  /** Its networks, at the run's present resolution. */
  model: M;
  /** What computes it. */
  backend: Backend;
  /** The run's options. */
  runConfig: RunConfig;
  /** Runs synchronous tensor code with the averaged generator's weights. */
  withAverage<T>(fn: () => T): T;
  /** Gives the networks back. */
  dispose(): void;
}
