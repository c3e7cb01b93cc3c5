import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** A loss and its gradients, which the caller disposes. */
export interface LossGradients {
  /** The loss. */
  value: tf.Scalar;
  /** By path; variables that the loss does not depend on are absent. */
  gradients: Record<string, tf.Tensor>;
}

/**
 * The loss and its gradient with respect to each trainable variable that it depends on.
 * @param loss pure tensor code
 * @param variables of the network that is trained
 */
export function lossGradients(
  loss: () => tf.Scalar,
  variables: readonly NamedVariable[],
): LossGradients {
  const trained = variables.filter((v) => v.trainable);
  const { value, grads } = tf.variableGrads(loss, trained.map((v) => v.variable));
  const gradients: Record<string, tf.Tensor> = {};
  for (const { path, variable } of trained) {
    const gradient = grads[variable.name];
    if (gradient) gradients[path] = gradient;
  }
  return { value, gradients };
}
