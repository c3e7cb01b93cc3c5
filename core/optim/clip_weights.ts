import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/**
 * Limits each weight to [−limit, limit], as pure tensor code (Arjovsky et al. 2017, algorithm 1).
 * @param variables trainable ones are clipped
 * @param limit e.g. 0.01
 */
export function clipWeights(variables: readonly NamedVariable[], limit: number): void {
  tf.tidy(() => {
    for (const { variable, trainable } of variables) {
      if (trainable) variable.assign(tf.clipByValue(variable, -limit, limit));
    }
  });
}
