import * as tf from "@tensorflow/tfjs";
import type { DiscriminatorTargets } from "./adversarial_loss.ts";

/**
 * Targets of real images: realTarget, or 0 where flipped.
 * @returns a number, or a tensor that broadcasts with [N, 1]
 */
export function realTargets({ realTarget = 1, flip }: DiscriminatorTargets): tf.Tensor | number {
  return flip ? tf.mul(tf.sub(1, flip), realTarget) : realTarget;
}

/** @throws RangeError if targets are given */
export function refuseTargets(loss: string, targets: DiscriminatorTargets | undefined): void {
  const given = targets &&
    (targets.flip ? "flip" : targets.realTarget !== undefined && "realTarget");
  if (given) {
    throw new RangeError(
      `Cannot compute the ${loss} loss: expected no targets, for it compares no labels, ` +
        `received ${given}. Use a loss whose hasTargets is true`,
    );
  }
}
