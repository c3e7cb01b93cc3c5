import * as tf from "@tensorflow/tfjs";
import type { Gradients } from "./optimizer.ts";
import type { SlotStore, Slotted } from "./slots.ts";

/**
 * Calls `update` for each gradient with its variable and the rate times the variable's multiplier
 * (computed once a multiplier).
 * @param gradients by path
 * @param store the optimizer's
 * @param rate scalar
 * @param update one variable's step
 * @throws RangeError where a gradient has no variable
 */
export function applyEach(
  gradients: Gradients,
  store: SlotStore,
  rate: tf.Tensor,
  update: (entry: Slotted, gradient: tf.Tensor, rate: tf.Tensor) => void,
): void {
  const rates = new Map<number, tf.Tensor>([[1, rate]]);
  for (const [path, gradient] of Object.entries(gradients)) {
    const entry = store.get(path);
    if (!entry) {
      throw new RangeError(
        `Cannot apply the gradient of "${path}": expected a variable that the optimizer knows. ` +
          `Call sync() after the networks grew`,
      );
    }
    const multiplier = entry.learningRateMultiplier;
    let scaled = rates.get(multiplier);
    if (!scaled) rates.set(multiplier, scaled = tf.mul(rate, multiplier));
    update(entry, gradient, scaled);
  }
}
