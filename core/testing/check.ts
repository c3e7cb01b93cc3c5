/** The checks of a plugin and their options. */
import type { Config, ConfigOf, ConfigSchema, RunConfig } from "../config/mod.ts";
import type { DatasetInfo, HostBatch } from "../data.ts";
import type { Model, Plugin } from "../plugin/mod.ts";
import type * as tf from "@tensorflow/tfjs";

/** A request for a batch. */
export interface BatchRequest {
  /** Side in pixels. */
  resolution: number;
  batchSize: number;
  seed: number;
  /** The data set that the test simulates. */
  dataset: DatasetInfo;
}

/** Options of a plugin's test. */
export interface PluginTestOptions<C = Config, M extends Model = Model> {
  /**
   * Options of the run and the plugin, on top of the default preset and the test's own schedule: 4
   * to 16 px, batches of 4, two cycles per phase. Narrow networks make the test fast.
   */
  values?: Partial<RunConfig> & Partial<C>;
  /** The model that an add-on is used with. Default: `tinyModel`. */
  model?: Plugin;
  /** Options of `model`. */
  modelValues?: Record<string, unknown>;
  /** Facts of the data set, e.g. `labels` or `channels`. */
  dataset?: Partial<DatasetInfo>;
  /**
   * Creates a batch as the loader would. Default: random images (or sketches), with labels if the
   * data set has classes.
   */
  batch?(request: BatchRequest): HostBatch;
  /** Draws images [N, R, R, C] from fixed inputs, for a model without `generate`. */
  draw?(model: M, options: { alpha: number; resolution: number }): tf.Tensor4D;
  /** The discriminator's scores of images [N, R, R, C]; if given, its growth is checked, too. */
  score?(model: M, images: tf.Tensor4D, alpha: number): tf.Tensor;
  /**
   * Largest difference of a recorded step from the eager one, relative to max(1, |value|). Default
   * 1e-3.
   */
  tolerance?: number;
}

/** {@linkcode PluginTestOptions} of a plugin with schema `S` and model `M`. */
export type PluginTestOptionsOf<S extends ConfigSchema, M extends Model> = PluginTestOptions<
  ConfigOf<S>,
  M
>;

/** Runs a named part of a check. */
export type Step = (name: string, fn: () => void | Promise<void>) => Promise<unknown>;

/** A named check; it throws if the plugin fails it. */
export interface PluginCheck {
  /** A sentence that is true of a plugin that passes. */
  name: string;
  /** Runs the check, reporting its parts through `step`. */
  run(step: Step): Promise<void>;
}

/** Fails a check with a message unless `holds`. */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new Error(message);
}
