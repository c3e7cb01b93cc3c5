import * as tf from "@tensorflow/tfjs";

/**
 * The gradient of each sample's output with respect to that sample's input: ∂ Σ fn(x) / ∂x. The
 * samples must not influence each other's outputs (minibatch statistics make this an approximation,
 * as in the papers). Inside another gradient, the result is differentiable again.
 * @param fn from [N, …] to outputs of any shape, e.g. the discriminator's logits [N, 1]
 * @param x [N, …]
 * @returns the shape of `x`
 */
export function gradientOf<T extends tf.Tensor>(fn: (x: T) => tf.Tensor, x: T): T {
  return tf.grad((x) => tf.sum(fn(x as T)))(x) as T; // tf.grad passes x on and keeps its shape
}
