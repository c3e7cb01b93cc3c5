import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { binaryCrossEntropy, discriminatorCrossEntropy } from "./bce.ts";

/**
 * The minimax game: the discriminator minimizes cross-entropy, the generator E[log(1 − σ(D(fake)))]
 * (Goodfellow et al. 2014, equation 1). Its gradient vanishes when the discriminator wins; prefer
 * `nonSaturating`.
 */
export const bceMinimax: AdversarialLoss<"bce_minimax"> = {
  name: "bce_minimax",
  hasTargets: true,
  generator: (fakeLogits) => tf.neg(binaryCrossEntropy(fakeLogits, 0)),
  discriminator: discriminatorCrossEntropy,
};
