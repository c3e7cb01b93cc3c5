import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";
import { applyUpdate } from "./apply_update.ts";
import type { Optimizer } from "./optimizer.ts";
import { createSlots } from "./slots.ts";

/** Hyperparameters of RMSprop. */
export interface RmspropOptions {
  /** Decay of the gradient's mean square. Default 0.99. */
  alpha?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5), as in PyTorch: v ← αv + (1 − α)g², p ← p − η · g
 * / (√v + ε). The slot holds V = v / (1 − α), which saves an operation.
 * @param variables to update
 * @param options WGAN with clipping uses the defaults
 */
export function createRmsprop(
  variables: readonly NamedVariable[],
  { alpha = 0.99, epsilon = 1e-8 }: RmspropOptions = {},
): Optimizer {
  if (!(alpha >= 0 && alpha < 1)) {
    throw new RangeError(`Cannot create RMSprop: expected alpha in [0, 1), received ${alpha}`);
  }
  const root = 1 / Math.sqrt(1 - alpha);
  const store = createSlots("rmsprop", ["square"], []);
  store.sync(variables);
  return {
    name: "rmsprop",
    apply: (gradients, learningRate) =>
      tf.tidy(() => {
        const rate = tf.mul(learningRate, root);
        applyUpdate(gradients, store, rate, ({ weights, gradient, slots, rate }) => {
          const v = tf.add(tf.mul(slots[0]!, alpha), tf.square(gradient)); // every variable has it
          const change = tf.div(gradient, tf.add(tf.sqrt(v), epsilon * root));
          return [tf.sub(weights, tf.mul(change, rate)), v];
        });
      }),
    slots: store.all,
    reset: store.reset,
    sync: store.sync,
    dispose: store.dispose,
  };
}
