import * as tf from "@tensorflow/tfjs";
import { elementwise } from "./elementwise.ts";
import type { Gradients } from "./optimizer.ts";
import type { SlotStore, Slotted } from "./slots.ts";

/**
 * One elementwise step of some weights: returns their new values, followed by those of their slots.
 */
export type Update = (
  step: { weights: tf.Tensor; gradient: tf.Tensor; slots: tf.Tensor[]; rate: tf.Tensor },
) => [weights: tf.Tensor, ...slots: tf.Tensor[]];

/**
 * Updates all variables that have a gradient, with their slots.
 * @param gradients by path
 * @param store the optimizer's
 * @param rate scalar learning rate, before each variable's multiplier
 * @param update computes the update of any number of weights
 * @throws RangeError if a gradient has no variable
 */
export function applyUpdate(
  gradients: Gradients,
  store: SlotStore,
  rate: tf.Tensor,
  update: Update,
): void {
  const groups = new Map<number, { entry: Slotted; gradient: tf.Tensor }[]>(); // by multiplier
  for (const [path, gradient] of Object.entries(gradients)) {
    const entry = store.get(path);
    if (!entry) {
      throw new RangeError(
        `Cannot apply the gradient of "${path}": expected a variable that the optimizer knows. ` +
          `Call sync() after the networks grew`,
      );
    }
    const group = groups.get(entry.learningRateMultiplier);
    if (group) group.push({ entry, gradient });
    else groups.set(entry.learningRateMultiplier, [{ entry, gradient }]);
  }
  for (const [multiplier, group] of groups) {
    const scaled = multiplier === 1 ? rate : tf.mul(rate, multiplier);
    const results = elementwise(
      group.map(({ entry, gradient }) => [entry.variable, gradient, ...entry.slots]),
      (weights, gradient, ...slots) =>
        update({ weights: weights!, gradient: gradient!, slots, rate: scaled }), // as in the rows
    );
    results.forEach((values, i) => {
      const { variable, slots } = group[i]!.entry; // one result per row
      [variable, ...slots].forEach((target, k) => target.assign(values[k]!)); // as Update promises
    });
  }
}
