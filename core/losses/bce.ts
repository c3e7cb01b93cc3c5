import * as tf from "@tensorflow/tfjs";
import type { AdversarialLoss } from "./adversarial_loss.ts";
import { realTargets } from "./targets.ts";

/**
 * Binary cross-entropy of logits: E[softplus(x) − t · x] = −E[t log σ(x) + (1 − t) log(1 − σ(x))].
 * @param logits [N, 1]
 * @param target a number, or a tensor that broadcasts with the logits
 */
export function binaryCrossEntropy(logits: tf.Tensor, target: tf.Tensor | number): tf.Scalar {
  if (target === 0) return tf.mean(tf.softplus(logits));
  return tf.mean(tf.sub(tf.softplus(logits), tf.mul(logits, target)));
}

/**
 * Cross-entropy of real images with target 1 (or their targets) plus that of fakes with target 0.
 */
export const discriminatorCrossEntropy: AdversarialLoss["discriminator"] = (
  realLogits,
  fakeLogits,
  targets = {},
): tf.Scalar =>
  tf.add<tf.Scalar>(
    binaryCrossEntropy(realLogits, realTargets(targets)),
    binaryCrossEntropy(fakeLogits, 0),
  );
