import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";
import { applyUpdate } from "./apply_update.ts";
import type { Gradients, Optimizer } from "./optimizer.ts";
import { createSlots, type SlotStore } from "./slots.ts";

/** Hyperparameters of Adam. */
export interface AdamOptions {
  /** Decay of the first moment; 0, the default, keeps none. */
  beta1?: number;
  /** Decay of the second moment. Default 0.99. */
  beta2?: number;
  /** Default 1e-8. */
  epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015, algorithm 1), p ← p − η · m̂ / (√v̂ + ε), with bias correction. The
 * slots hold sums instead of means, which saves operations and is exact from the first step on,
 * also for weights that are added later:
 *
 *     M ← β₁M + g    c₁ ← β₁c₁ + 1    m̂ = M / c₁
 *     V ← β₂V + g²   c₂ ← β₂c₂ + 1    v̂ = V / c₂
 *     p ← p − (η √c₂ / c₁) · M / (√V + ε √c₂)
 *
 * @param variables to update
 * @param options growing GANs use β₁ = 0, β₂ = 0.99 (Karras et al. 2018, appendix A.1)
 */
export function createAdam(
  variables: readonly NamedVariable[],
  options: AdamOptions = {},
): Optimizer {
  const { beta1 = 0, beta2 = 0.99, epsilon = 1e-8 } = options;
  checkDecay("beta1", beta1);
  checkDecay("beta2", beta2);
  const hasMean = beta1 !== 0;
  const store = createSlots(
    "adam",
    hasMean ? ["square", "mean"] : ["square"],
    hasMean ? ["squareCount", "meanCount"] : ["squareCount"],
  );
  store.sync(variables);

  const count = (name: string, beta: number, generation: number) => {
    const variable = store.scalar(name, generation);
    variable.assign(tf.add(tf.mul(variable, beta), 1));
    return variable;
  };

  return {
    name: "adam",
    apply: (gradients, learningRate) =>
      tf.tidy(() => {
        for (const [generation, part] of byGeneration(gradients, store)) {
          const root = tf.sqrt(count("squareCount", beta2, generation));
          let rate = tf.mul(learningRate, root);
          if (hasMean) rate = tf.div(rate, count("meanCount", beta1, generation));
          const offset = tf.mul(root, epsilon);
          applyUpdate(part, store, rate, ({ weights, gradient, slots, rate }) => {
            // every variable has this slot
            const v = tf.add(tf.mul(slots[0]!, beta2), tf.square(gradient));
            const m = hasMean ? tf.add(tf.mul(slots[1]!, beta1), gradient) : gradient;
            const change = tf.div(m, tf.add(tf.sqrt(v), offset));
            return [tf.sub(weights, tf.mul(change, rate)), v, ...hasMean ? [m] : []];
          });
        }
      }),
    slots: store.all,
    reset: store.reset,
    sync: store.sync,
    dispose: store.dispose,
  };
}

/**
 * Groups gradients by generation: variables that were added together have taken the same number of
 * steps. Unknown variables go to the first group.
 */
function byGeneration(gradients: Gradients, store: SlotStore): Map<number, Gradients> {
  const parts = new Map<number, Record<string, tf.Tensor>>();
  for (const [path, gradient] of Object.entries(gradients)) {
    const generation = store.get(path)?.generation ?? 0;
    const part = parts.get(generation) ?? {};
    part[path] = gradient;
    parts.set(generation, part);
  }
  return parts;
}

function checkDecay(name: string, value: number): void {
  if (value >= 0 && value < 1) return;
  throw new RangeError(`Cannot create Adam: expected ${name} in [0, 1), received ${value}`);
}
