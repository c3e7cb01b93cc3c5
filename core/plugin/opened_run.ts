import type { Backend } from "../backend/types.ts";
import type { RunConfig } from "../config/mod.ts";
import type { Context } from "./hooks.ts";
import type { Model } from "./model.ts";

/** A run opened to draw from it. */
export interface OpenedRun<M extends Model = Model> {
  id: string;
  /** Absolute path of the run folder. */
  folder: string;
  plugin: string;
  /** The context of the model plugin's hooks. */
  context: Context;
  /** Its networks, at the run's current resolution. */
  model: M;
  backend: Backend;
  runConfig: RunConfig;
  /** Runs synchronous tensor code with the averaged generator's weights. */
  withAverage<T>(fn: () => T): T;
  /** Disposes the networks. */
  dispose(): void;
}
