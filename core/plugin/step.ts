/** What the tensor code of one step gets, and the loss terms that it consists of. */
import type * as tf from "@tensorflow/tfjs";
import type { DataKind } from "../data.ts";

/**
 * The loader's tensors for each kind of data: images [N, R, R, C] and sketches [N, R, R, 1] in [-1,
 * 1] (ink is 1), and `labels` int32 [N] where the data has classes.
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
    /** With `fromBlank`: 1 where the drawing ends with the part, else 0, [N]. */
    readonly last?: tf.Tensor1D;
    readonly images?: undefined;
  };
}

/** The tensors of one kind of data, or a union over all kinds: `if (tensors.images)` narrows it. */
export type StepTensors<D extends DataKind = DataKind> = DataTensors[D];

/** What loss terms and hooks see of one step; created by the trainer inside the recorded step. */
export interface StepContext<D extends DataKind = DataKind> {
  readonly network: NetworkName;
  /** The loader's tensors after the `transform` hooks. */
  readonly tensors: StepTensors<D>;
  readonly size: number;
  /** Pixels a side. */
  readonly resolution: number;
  /**
   * Weight of the newest block, 0 … 1. A tensor, since it changes while the step is recorded once.
   */
  readonly alpha: tf.Scalar;
  /** Images seen before the step, as a tensor. */
  readonly imagesSeen: tf.Scalar;
  /** The numbers from the `inputs` hooks, as tensors. */
  readonly inputs: Readonly<Record<string, tf.Scalar>>;
  /** Computes a value once per step and shares it between terms. */
  shared<T>(key: string, make: () => T): T;
  /**
   * Charts a scalar under `name`, averaged over the curves' interval. Several reports of a name in
   * one step are averaged too. A name that begins with "_" is passed to the `step` hook but not
   * charted.
   * @throws RangeError for a name that belongs to another plugin or to Cambium
   */
  report(name: string, value: tf.Scalar): void;
}

/** The name of a network. */
export type NetworkName = "generator" | "discriminator";

/** Where the images of an `augment` hook come from. */
export type ImageOrigin = "real" | "generated";

/** One term of a network's loss. */
export interface LossTerm<D extends DataKind = DataKind> {
  /** Name in charts and logs. */
  name: string;
  of: "generator" | "discriminator";
  /** Lazy regularization: computed at every n-th step, multiplied by n. Default 1. */
  every?: number;
  /** Pure tensor code: recorded once per phase, replayed at each step. */
  value(step: StepContext<D>): tf.Scalar;
}
