import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { realTargets } from "./targets.ts";

/**
 * Least squares: the discriminator minimizes ½ E[(D(real) − t)²] + ½ E[D(fake)²], the generator ½
 * E[(D(fake) − 1)²] (Mao et al. 2017, equation 2 with a = 0, b = c = 1).
 */
export const leastSquares: AdversarialLoss<"least_squares"> = {
  name: "least_squares",
  hasTargets: true,
  generator: (fakeLogits) => halfMeanSquare(tf.sub(fakeLogits, 1)),
  discriminator: (realLogits, fakeLogits, targets = {}) =>
    tf.add<tf.Scalar>(
      halfMeanSquare(tf.sub(realLogits, realTargets(targets))),
      halfMeanSquare(fakeLogits),
    ),
};

function halfMeanSquare(x: tf.Tensor): tf.Scalar {
  return tf.mul<tf.Scalar>(tf.mean(tf.square(x)), 0.5);
}
