/** Types of tensors by shape: where a shape's length is known, so is the tensor's rank. */
import type * as tf from "@tensorflow/tfjs";

/** Sizes, outermost first. */
export type Shape = readonly number[];

/** The rank of a shape as tfjs names it; any rank for a shape of unknown length. */
export type RankOf<S extends Shape> = number extends S["length"] ? tf.Rank
  : `R${S["length"]}` extends infer R extends keyof typeof tf.Rank ? (typeof tf.Rank)[R]
  : tf.Rank;

/** The tensor of a shape: `TensorOf<[number, number]>` is a `tf.Tensor2D`. */
export type TensorOf<S extends Shape> = tf.Tensor<RankOf<S>>;
