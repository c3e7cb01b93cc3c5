/** One check of a plugin, and what it may be told. */
import type { Config, ConfigOf, ConfigSchema, RunConfig } from "../config/mod.ts";
import type { DatasetInfo, HostBatch } from "../data.ts";
import type { Model, Plugin } from "../plugin/mod.ts";
import type * as tf from "@tensorflow/tfjs";

/** What a batch is asked for. */
export interface BatchRequest {
  /** Pixels a side. */
  resolution: number;
  batchSize: number;
  seed: number;
  /** The data that the test pretends to have. */
  dataset: DatasetInfo;
}

/** What a plugin's test may say. */
export interface PluginTestOptions<C = Config, M extends Model = Model> {
  /**
   * Options of the run and the plugin, over the default preset and the test's own schedule: 4 to 16
   * px, batches of 4, two cycles a phase. Narrow networks make the test fast.
   */
  values?: Partial<RunConfig> & Partial<C>;
  /** The model that an add-on joins, and its options. Default: `tinyModel`. */
  model?: Plugin;
  /** Options of `model`. */
  modelValues?: Record<string, unknown>;
  /** Facts of the data, e.g. `labels` or `channels`. */
  dataset?: Partial<DatasetInfo>;
  /**
   * A batch as the loader would yield it. Default: random images (or sketches), and labels where
   * the data has them.
   */
  batch?(request: BatchRequest): HostBatch;
  /** Images [N, R, R, C] of fixed inputs, for a model without `generate`. */
  draw?(model: M, options: { alpha: number; resolution: number }): tf.Tensor4D;
  /** The discriminator's scores of images [N, R, R, C]: with it, its growth is checked too. */
  score?(model: M, images: tf.Tensor4D, alpha: number): tf.Tensor;
  /**
   * Largest difference of a recorded step to the eager one, relative to max(1, |value|). Default
   * 1e-3.
   */
  tolerance?: number;
}

/** {@linkcode PluginTestOptions} of a plugin with the schema `S` and the model `M`. */
export type PluginTestOptionsOf<S extends ConfigSchema, M extends Model> = PluginTestOptions<
  ConfigOf<S>,
  M
>;

/** Runs a part of a check under a name. */
export type Step = (name: string, fn: () => void | Promise<void>) => Promise<unknown>;

/** A named check; it throws where the plugin fails it. */
export interface PluginCheck {
  /** A sentence: what holds of a plugin that passes. */
  name: string;
  /** Runs it, its parts by `step`. */
  run(step: Step): Promise<void>;
}

/** Fails a check. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
