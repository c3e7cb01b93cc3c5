/** What tensor code of one step is given, and the terms that it answers. */
import type * as tf from "@tensorflow/tfjs";
import type { DataKind } from "../data.ts";

/**
 * What the loader yields of each kind of data, as tensors: images [N, R, R, C] and sketches [N, R,
 * R, 1] in [-1, 1] (ink is 1), `labels` int32 [N] where the data has classes.
 */
export interface DataTensors {
  images: {
    readonly images: tf.Tensor4D;
    readonly labels?: tf.Tensor1D;
    readonly partial?: undefined;
    readonly part?: undefined;
  };
  /** Partial sketches and the part that each lacks. */
  sketches: {
    readonly partial: tf.Tensor4D;
    readonly part: tf.Tensor4D;
    readonly labels?: tf.Tensor1D;
    /** With boxes: the partial sketch uncropped, [N, 32, 32, 1]. */
    readonly whole?: tf.Tensor4D;
    /** With boxes: centre x and y, width and height of the part, [N, 4]. */
    readonly box?: tf.Tensor2D;
    /** From blank paper on: 1 where the drawing ends with the part, [N]. */
    readonly last?: tf.Tensor1D;
    readonly images?: undefined;
  };
}

/** The tensors of a kind of data; without one, of any: `if (tensors.images)` tells which. */
export type StepTensors<D extends DataKind = DataKind> = DataTensors[D];

/** What one step sees; made by the trainer, inside the recorded step. */
export interface StepContext<D extends DataKind = DataKind> {
  readonly network: NetworkName;
  /** What the loader yields, as `transform` hooks leave it. */
  readonly tensors: StepTensors<D>;
  readonly size: number;
  /** Pixels a side. */
  readonly resolution: number;
  /** Weight of the newest block as a tensor: it changes while the recorded step stays. */
  readonly alpha: tf.Scalar;
  /** Images seen before the step, as a tensor. */
  readonly imagesSeen: tf.Scalar;
  /** Numbers of the `inputs` hooks, as tensors. */
  readonly inputs: Readonly<Record<string, tf.Scalar>>;
  /** Computes a value once a step, by whichever term asks first. */
  shared<T>(key: string, make: () => T): T;
  /**
   * Charts a scalar under `name`, averaged over the interval and where a step reports it several
   * times, as `augment` may; a name that begins with "_" reaches `step` only.
   * @throws RangeError for a name that another plugin or Cambium charts
   */
  report(name: string, value: tf.Scalar): void;
}

/** Names of the two networks. */
export type NetworkName = "generator" | "discriminator";

/** Whose images an `augment` hook is given. */
export type ImageOrigin = "real" | "generated";

/** One term of a network's loss. */
export interface LossTerm<D extends DataKind = DataKind> {
  /** What the chart and the log show. */
  name: string;
  of: "generator" | "discriminator";
  /** Lazy regularisation: at every n-th step, scaled by n. Default 1. */
  every?: number;
  /** Pure tensor code: recorded once a phase, replayed many times. */
  value(step: StepContext<D>): tf.Scalar;
}
