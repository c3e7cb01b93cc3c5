import type * as tf from "@tensorflow/tfjs";

/** From images [N, H, W, C] to logits [N, 1]. */
export type Critic = (images: tf.Tensor4D) => tf.Tensor;
