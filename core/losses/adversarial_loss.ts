import type * as tf from "@tensorflow/tfjs";

/** Changed targets of the discriminator, for losses that have any. */
export interface DiscriminatorTargets {
  /**
   * Target of real images: less than 1 is one-sided label smoothing (Salimans et al. 2016). Default
   * 1.
   */
  realTarget?: tf.Tensor | number;
  /** 1 where a real image is labelled as a fake, 0 elsewhere; [N, 1]. Default none. */
  flip?: tf.Tensor;
}

/** What the two networks minimize; all logits are [N, 1] without a sigmoid. */
export interface AdversarialLoss<Name extends string = string> {
  /** As configurations name it. */
  readonly name: Name;
  /**
   * The loss of one generator step.
   * @param realLogits given where the loss has `scoresReals`
   * @returns what the generator minimizes, a mean over the batch
   */
  generator(fakeLogits: tf.Tensor, realLogits?: tf.Tensor): tf.Scalar;
  /** True: the generator's step needs the scores of reals too, as relativistic losses do. */
  readonly scoresReals?: boolean;
  /**
   * The loss of one discriminator step.
   * @returns what the discriminator minimizes, a mean over the batch
   * @throws RangeError where targets are given and the loss has none
   */
  discriminator(
    realLogits: tf.Tensor,
    fakeLogits: tf.Tensor,
    targets?: DiscriminatorTargets,
  ): tf.Scalar;
  /** False: the loss compares no labels, so they can't be smoothed or flipped. */
  readonly hasTargets: boolean;
  /**
   * Largest absolute value of the discriminator's weights after each step, where the loss clips
   * them.
   */
  readonly weightClip?: number;
  /** Options of the run that the loss sets where nobody else does. */
  readonly brings?: Readonly<Record<string, string | number>>;
  /** Options of the run that the loss was published with, for `--help`. */
  readonly meantWith?: Readonly<Record<string, string>>;
}
