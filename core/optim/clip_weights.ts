import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/**
 * Standard deviation of the weights for which the paper's limit is meant (DCGAN's initialization).
 */
const PAPER_DEVIATION = 0.02;

/**
 * Clips each weight to [−limit, limit], as pure tensor code (Arjovsky et al. 2017, algorithm 1). An
 * equalized weight is initialized as N(0, 1) instead of N(0, 0.02²), so its bound is the same
 * number of standard deviations away, limit / 0.02. Clipped to the limit itself, each layer would
 * pass on a hundredth of its signal, and a deep critic almost none.
 * @param variables trainable ones are clipped
 * @param limit e.g. 0.01
 */
export function clipWeights(variables: readonly NamedVariable[], limit: number): void {
  tf.tidy(() => {
    for (const { variable, trainable, equalized } of variables) {
      const bound = equalized ? limit / PAPER_DEVIATION : limit;
      if (trainable) variable.assign(tf.clipByValue(variable, -bound, bound));
    }
  });
}
