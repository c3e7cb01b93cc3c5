/** The hooks, their arguments and their answers. */
import type * as tf from "@tensorflow/tfjs";
import type { Backend } from "../backend/types.ts";
import type { Config, RunConfig } from "../config/mod.ts";
import type { DataKind, DatasetInfo, HostBatch } from "../data.ts";
import type { NamedVariable } from "../layers/mod.ts";
import type { Gradients, Optimizer } from "../optim/mod.ts";
import type { Phase } from "../schedule.ts";
import type { Model } from "./model.ts";
import type { Panels, ShownIn } from "./panels.ts";
import type { ImageOrigin, LossTerm, NetworkName, StepContext, StepTensors } from "./step.ts";

/** JSON data. A plugin's state consists of it, and is saved in every checkpoint. */
export type PlainData = string | number | boolean | null | PlainData[] | {
  [key: string]: PlainData;
};
/** A plugin's state. Hooks change its fields; every checkpoint saves it. */
export type PluginState = { [key: string]: PlainData };

/** A sample grid: cells left to right, top to bottom. */
export interface Preview {
  /** [cells, R, R, C] in [-1, 1]. */
  images: tf.Tensor4D;
  /** Cells in a row. */
  columns: number;
  /**
   * Indices, within a row, of the cells that the generator drew; default: all. The dashboard
   * measures only these.
   */
  drawn?: readonly number[];
}

/** What a preview is made from. */
export interface PreviewRequest {
  /** Fixed latents [N, latentSize] of this run, where the model has a latent size. */
  latents: tf.Tensor2D | null;
  /** A fixed batch of held-out data at the current resolution. */
  batch: HostBatch;
  /** Cells that the grid should have. */
  count: number;
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
}

/** What hooks get: facts about the run, and the plugin's own options, state and model. */
export interface Context<
  C = Config,
  S = PluginState,
  P extends Panels = Panels,
  M extends Model = Model,
  D extends DataKind = DataKind,
> {
  /** The plugin's own options, resolved. */
  readonly config: Readonly<C>;
  readonly run: Readonly<RunConfig>;
  /** Plain data, saved in every checkpoint. Change its fields, and keep no state elsewhere. */
  readonly state: S;
  readonly dataset: DatasetInfo;
  readonly backend: Backend;
  /** The current phase: its resolution, kind and batch size. */
  readonly phase: Phase;
  /** imagesSeen at the start and the end of the current resolution, fade included. */
  readonly span: { readonly start: number; readonly end: number };
  /** Weight of the newest block, 0 … 1. */
  readonly alpha: number;
  /** Reals shown to the discriminator so far: the run's clock. */
  readonly imagesSeen: number;
  /** Seed for this plugin's own random draws. */
  readonly seed: number;
  /** The model; throws before `build` has returned. */
  readonly model: M;
  /** Passes images through every plugin's `augment` hook; call it before the discriminator. */
  augment(images: tf.Tensor4D, step: StepContext<D>, origin: ImageOrigin): tf.Tensor4D;
  /** Writes a line to the run's log. */
  log(message: string): void;
  /** Warns in the log and on the dashboard; repeats of a code are dropped for a while. */
  warn(code: string, message: string): void;
  /**
   * Adds a point to a curve at the current imagesSeen. It is dropped with a warning where the value
   * is not finite, or the curve belongs to another plugin or to Cambium.
   */
  chart(name: string, value: number): void;
  /**
   * Shows data in a panel that the plugin declares, replacing what was there.
   * @throws TypeError, RangeError where the data isn't of the panel's kind or exceeds its limits
   */
  show<K extends keyof P & string>(panel: K, data: ShownIn<P, K>): void;
}

/** A checkpoint that was written. */
export interface SavedCheckpoint {
  /** Absolute path of the run folder; "" where a test keeps a run in memory. */
  folder: string;
  /** The checkpoint's folder, inside the run's. */
  path: string;
  /** SHA-256 (hex) of its state. */
  digest: string;
}

/** What one cycle of steps measured: loss terms and reports, by name. */
export type StepMetrics = Readonly<Record<string, number>>;

/**
 * Return type of a hook without an answer. Unlike plain `void`, it rejects a Promise: hooks are not
 * async.
 */
export type Nothing = void | undefined;

/**
 * The hooks, each with the kind by which several plugins' answers are combined
 * (see `HOOK_KINDS`). All are optional for an add-on; a model needs grow and losses.
 */
export interface Hooks<
  C = Config,
  S = PluginState,
  P extends Panels = Panels,
  M extends Model = Model,
  D extends DataKind = DataKind,
> {
  /** sequential: adds one block to each network. */
  grow?(context: Context<C, S, P, M, D>, resolution: number): Nothing;
  /** sequential: before each cycle of steps while alpha < 1. */
  fade?(context: Context<C, S, P, M, D>, alpha: number): Nothing;
  /** sequential: called once alpha is 1; drops what fading needed. */
  stabilize?(context: Context<C, S, P, M, D>): Nothing;
  /** concat: called once per phase; the trainer records each term. */
  losses?(context: Context<C, S, P, M, D>): LossTerm<D>[];
  /**
   * merge: numbers that change from step to step, which recorded tensor code reads as tensors; the
   * names must not change within a phase.
   */
  inputs?(context: Context<C, S, P, M, D>): Record<string, number>;
  /** chain: tensor code on the loader's tensors, before any loss term sees them. */
  transform?(
    context: Context<C, S, P, M, D>,
    tensors: StepTensors<D>,
    step: StepContext<D>,
  ): StepTensors<D>;
  /** chain: tensor code on the discriminator's input images, real and generated. */
  augment?(
    context: Context<C, S, P, M, D>,
    images: tf.Tensor4D,
    step: StepContext<D>,
    origin: ImageOrigin,
  ): tf.Tensor4D;
  /**
   * chain: tensor code on the gradients of `step.network`, by variable path, before its optimizer.
   * Weights whose gradients are left out are not updated.
   */
  gradients?(
    context: Context<C, S, P, M, D>,
    gradients: Gradients,
    step: StepContext<D>,
  ): Gradients;
  /** first: the optimizer of a network; called once per network. Default: that of `--optimizer`. */
  optimizer?(
    context: Context<C, S, P, M, D>,
    network: NetworkName,
    variables: readonly NamedVariable[],
  ): Optimizer;
  /**
   * chain: the learning rate of a network's next step, from that of the schedule. It must depend on
   * context and state alone, so that a resumed run gets the same.
   */
  learningRate?(context: Context<C, S, P, M, D>, rate: number, network: NetworkName): number;
  /** first: the cells of a sample grid. Default: images drawn from fixed latents. */
  preview?(context: Context<C, S, P, M, D>, request: PreviewRequest): Preview;
  /** any: true ends the current phase early, for adaptive schedules. */
  advance?(context: Context<C, S, P, M, D>): boolean;
  /** observe: after each cycle of steps; an error mutes this hook and the run goes on. */
  step?(context: Context<C, S, P, M, D>, metrics: StepMetrics): Nothing;
  /** observe: a sample grid was drawn; images [cells, R, R, C] on the host. */
  sampled?(
    context: Context<C, S, P, M, D>,
    images: { data: Float32Array; shape: number[] },
  ): Nothing;
  /** observe: SWD and the like were measured. */
  measured?(context: Context<C, S, P, M, D>, metrics: StepMetrics): Nothing;
  /** observe: a checkpoint was written. */
  checkpoint?(context: Context<C, S, P, M, D>, saved: SavedCheckpoint): Nothing;
}
