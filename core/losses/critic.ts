import type * as tf from "@tensorflow/tfjs";

/** Maps images [N, H, W, C] to logits [N, 1]. */
export type Critic = (images: tf.Tensor4D) => tf.Tensor;
