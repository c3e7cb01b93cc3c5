import * as tf from "@tensorflow/tfjs";
import { leakyRelu } from "../ops/leaky_relu.ts";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { refuseTargets } from "./targets.ts";

/**
 * Hinge loss: the discriminator minimizes E[max(0, 1 − D(real))] + E[max(0, 1 + D(fake))], the
 * generator −E[D(fake)] (Lim and Ye 2017, "Geometric GAN").
 */
export const hinge: AdversarialLoss<"hinge"> = {
  name: "hinge",
  hasTargets: false,
  generator: (fakeLogits) => tf.neg(tf.mean<tf.Scalar>(fakeLogits)),
  discriminator(realLogits, fakeLogits, targets) {
    refuseTargets("hinge", targets);
    const real = leakyRelu(tf.sub(1, realLogits), 0), fake = leakyRelu(tf.add(1, fakeLogits), 0);
    return tf.add<tf.Scalar>(tf.mean(real), tf.mean(fake));
  },
};
