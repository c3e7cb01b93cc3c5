import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { refuseTargets } from "./targets.ts";

/**
 * Wasserstein loss: the critic minimizes E[D(fake)] − E[D(real)], the generator −E[D(fake)]
 * (Arjovsky et al. 2017, equations 2 and 3). Needs a gradient penalty (see `wganGp`) or weight
 * clipping.
 */
export const wgan: AdversarialLoss<"wgan"> = {
  name: "wgan",
  hasTargets: false,
  meantWith: { penalty: "wgan_gp" },
  generator: (fakeLogits) => tf.neg(tf.mean<tf.Scalar>(fakeLogits)),
  discriminator(realLogits, fakeLogits, targets) {
    refuseTargets("wgan", targets);
    return tf.sub<tf.Scalar>(tf.mean(fakeLogits), tf.mean(realLogits));
  },
};

/**
 * {@linkcode wgan} with weights clipped to ±0.01 after each step (Arjovsky et al. 2017, algorithm
 * 1).
 */
export const wganClipped: AdversarialLoss<"wgan_clipped"> = {
  ...wgan,
  name: "wgan_clipped",
  weightClip: 0.01,
  // Clipping replaces the penalty, and momentum is harmful (section 5 of the paper).
  brings: { penalty: "none", optimizer: "rmsprop", criticSteps: 5 }, // and algorithm 1
};
