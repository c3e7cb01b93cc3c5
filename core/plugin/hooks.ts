/** The hooks, what they are given and what they answer. */
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

/** Data that JSON can carry; a plugin's state is made of it and saved in every checkpoint. */
export type PlainData = string | number | boolean | null | PlainData[] | {
  [key: string]: PlainData;
};
/** A plugin's state: its hooks change its fields; every checkpoint saves it. */
export type PluginState = { [key: string]: PlainData };

/** A picture of progress: cells left to right, top to bottom. */
export interface Preview {
  /** [cells, R, R, C] in [-1, 1]. */
  images: tf.Tensor4D;
  /** Cells in a row. */
  columns: number;
  /**
   * Cells of a row that the generator drew, from 0; without it, all. The dashboard measures these
   * alone.
   */
  drawn?: readonly number[];
}

/** What a preview is made from. */
export interface PreviewRequest {
  /** Fixed latents [N, latentSize] of this run, where the model has a latent size. */
  latents: tf.Tensor2D | null;
  /** A fixed batch of held-out data at the present resolution. */
  batch: HostBatch;
  /** Cells that the grid should have. */
  count: number;
  /** Weight of the newest block, 0 … 1. */
  alpha: number;
}

/** What hooks are given: facts of the run, and the plugin's own configuration, state and model. */
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
  /** Plain data, saved in every checkpoint. Change its fields; do not keep it elsewhere. */
  readonly state: S;
  readonly dataset: DatasetInfo;
  readonly backend: Backend;
  /** The present phase: its resolution, kind and batch size. */
  readonly phase: Phase;
  /** Images seen at the start and the end of the present resolution, its fade included. */
  readonly span: { readonly start: number; readonly end: number };
  /** Weight of the newest block, 0 … 1. */
  readonly alpha: number;
  /** Reals shown to the discriminator so far: the run's clock. */
  readonly imagesSeen: number;
  /** Seed of this plugin's own draws. */
  readonly seed: number;
  /** The model; an error before `build` has answered. */
  readonly model: M;
  /** Passes images through every plugin's `augment` on their way into the discriminator. */
  augment(images: tf.Tensor4D, step: StepContext<D>, origin: ImageOrigin): tf.Tensor4D;
  /** Writes a line to the run's log. */
  log(message: string): void;
  /** Warns in the log and on the dashboard; repeats of a code are grouped. */
  warn(code: string, message: string): void;
  /**
   * Writes a curve's point at the present imagesSeen; left out, with a warning, where the value is
   * not finite or the curve is another plugin's or Cambium's.
   */
  chart(name: string, value: number): void;
  /**
   * Shows data in a panel that the plugin declares, instead of what was there; the dashboard draws
   * it.
   * @throws TypeError, RangeError where the data isn't of the panel's kind or doesn't fit
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

/** What was just measured in one cycle of steps: terms, reports, gradient norms, by name. */
export type StepMetrics = Readonly<Record<string, number>>;

/**
 * What a hook without an answer returns. Unlike `void` alone, it does not accept a Promise: hooks
 * are not async.
 */
export type Nothing = void | undefined;

/**
 * The hooks, each with the kind by which several plugins' answers become one
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
  /** sequential: alpha is 1; drops what fading needed. */
  stabilize?(context: Context<C, S, P, M, D>): Nothing;
  /** concat: asked once a phase; the trainer records each term. */
  losses?(context: Context<C, S, P, M, D>): LossTerm<D>[];
  /**
   * merge: numbers that change from step to step and that recorded tensor code reads as tensors;
   * the same names all through a phase.
   */
  inputs?(context: Context<C, S, P, M, D>): Record<string, number>;
  /** chain: tensor code on the loader's tensors before anything sees them. */
  transform?(
    context: Context<C, S, P, M, D>,
    tensors: StepTensors<D>,
    step: StepContext<D>,
  ): StepTensors<D>;
  /** chain: tensor code on images before the discriminator, real and generated alike. */
  augment?(
    context: Context<C, S, P, M, D>,
    images: tf.Tensor4D,
    step: StepContext<D>,
    origin: ImageOrigin,
  ): tf.Tensor4D;
  /**
   * chain: tensor code on the gradients of `step.network`, by their variables' paths, before its
   * optimizer. Weights whose gradients are left out stay as they are.
   */
  gradients?(
    context: Context<C, S, P, M, D>,
    gradients: Gradients,
    step: StepContext<D>,
  ): Gradients;
  /**
   * first: moves a network's weights; asked once a run for each network. Without it,
   * `--optimizer`'s.
   */
  optimizer?(
    context: Context<C, S, P, M, D>,
    network: NetworkName,
    variables: readonly NamedVariable[],
  ): Optimizer;
  /**
   * chain: the learning rate of a network's next step, from that of the schedule. A function of
   * context and state alone: a resumed run must get the same.
   */
  learningRate?(context: Context<C, S, P, M, D>, rate: number, network: NetworkName): number;
  /** first: the cells of a sample grid; without it, images of fixed latents. */
  preview?(context: Context<C, S, P, M, D>, request: PreviewRequest): Preview;
  /** any: true ends the present phase early, as an image-size schedule of its own. */
  advance?(context: Context<C, S, P, M, D>): boolean;
  /** observe: after each cycle of steps; an error mutes this hook and the run goes on. */
  step?(context: Context<C, S, P, M, D>, metrics: StepMetrics): Nothing;
  /** observe: a sample grid was made; images [cells, R, R, C] on the host. */
  sampled?(
    context: Context<C, S, P, M, D>,
    images: { data: Float32Array; shape: number[] },
  ): Nothing;
  /** observe: SWD and the like were measured. */
  measured?(context: Context<C, S, P, M, D>, metrics: StepMetrics): Nothing;
  /** observe: a checkpoint was written. */
  checkpoint?(context: Context<C, S, P, M, D>, saved: SavedCheckpoint): Nothing;
}
