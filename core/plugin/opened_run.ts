import type { Backend } from "../backend/types.ts";
import type { RunConfig } from "../config/mod.ts";
import type { Context } from "./hooks.ts";
import type { Model } from "./model.ts";

/** A run opened for drawing from it. */
export interface OpenedRun<M extends Model = Model> {
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  plugin: string;
  /** The context that the model's hooks were given. */
  context: Context;
  /** Its networks, at the run's present resolution. */
  model: M;
  backend: Backend;
  runConfig: RunConfig;
  /** Runs synchronous tensor code with the averaged generator's weights. */
  withAverage<T>(fn: () => T): T;
  /** Gives the networks back. */
  dispose(): void;
}
