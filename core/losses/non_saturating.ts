import type { AdversarialLoss } from "./adversarial_loss.ts";
import { binaryCrossEntropy, discriminatorCrossEntropy } from "./bce.ts";

/**
 * Logistic loss: the discriminator minimizes cross-entropy, the generator −E[log σ(D(fake))]
 * (Goodfellow et al. 2014, section 3). StyleGAN's loss, together with `r1`.
 */
export const nonSaturating: AdversarialLoss<"non_saturating"> = {
  name: "non_saturating",
  hasTargets: true,
  generator: (fakeLogits) => binaryCrossEntropy(fakeLogits, 1),
  discriminator: discriminatorCrossEntropy,
};
