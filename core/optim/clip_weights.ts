import * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** Standard deviation of the weights that the paper's bound is for (DCGAN's initialization). */
const PAPER_DEVIATION = 0.02;

/**
 * Limits each weight to [−limit, limit], as pure tensor code (Arjovsky et al. 2017, algorithm 1).
 * An equalized weight starts as N(0, 1) instead of N(0, 0.02²): its bound is as many standard
 * deviations away, limit / 0.02. Clipped to the limit itself, each layer would pass a hundredth of
 * its signal on, and a deep critic none.
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
