import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { refuseTargets } from "./targets.ts";

/**
 * Relativistic pairing loss, which compares each real with a fake: the discriminator minimizes
 * E[softplus(D(fake) − D(real))], the generator E[softplus(D(real) − D(fake))] (Jolicoeur-Martineau
 * 2018, "The relativistic discriminator", section 4; Huang et al. 2024, "The GAN is dead; long live
 * the GAN!", equation 2, with R1 and R2).
 */
export const relativistic: AdversarialLoss<"relativistic"> = {
  name: "relativistic",
  hasTargets: false,
  scoresReals: true,
  meantWith: { penalty: "r1_r2" },
  generator(fakeLogits, realLogits) {
    if (!realLogits) {
      throw new TypeError(
        "Cannot compute the relativistic loss: expected scores of reals in the generator's " +
          "step, received none",
      );
    }
    return tf.mean(tf.softplus(tf.sub(realLogits, fakeLogits)));
  },
  discriminator(realLogits, fakeLogits, targets) {
    refuseTargets("relativistic", targets);
    return tf.mean(tf.softplus(tf.sub(fakeLogits, realLogits)));
  },
};
