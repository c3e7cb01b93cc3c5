import type * as tf from "@tensorflow/tfjs";

/** Modified targets of the discriminator, for losses that have targets. */
export interface DiscriminatorTargets {
  /**
   * Target of real images: less than 1 is one-sided label smoothing (Salimans et al. 2016). Default
   * 1.
   */
  realTarget?: tf.Tensor | number;
  /** 1 for real images that are labelled as fakes, otherwise 0; [N, 1]. Default none. */
  flip?: tf.Tensor;
}

/** The losses of both networks; all logits are [N, 1] without a sigmoid. */
export interface AdversarialLoss<Name extends string = string> {
  /** Its name in configurations. */
  readonly name: Name;
  /**
   * The loss of one generator step.
   * @param realLogits given if the loss has `scoresReals`
   * @returns the mean over the batch, which the generator minimizes
   */
  generator(fakeLogits: tf.Tensor, realLogits?: tf.Tensor): tf.Scalar;
  /** Whether the generator's step also needs the scores of reals, as relativistic losses do. */
  readonly scoresReals?: boolean;
  /**
   * The loss of one discriminator step.
   * @returns the mean over the batch, which the discriminator minimizes
   * @throws RangeError if targets are given and the loss has none
   */
  discriminator(
    realLogits: tf.Tensor,
    fakeLogits: tf.Tensor,
    targets?: DiscriminatorTargets,
  ): tf.Scalar;
  /** Whether the loss compares scores with labels, which can be smoothed or flipped. */
  readonly hasTargets: boolean;
  /**
   * Largest absolute value of the discriminator's weights after each step, if the loss clips them.
   */
  readonly weightClip?: number;
  /** Run options that the loss sets unless the user does. */
  readonly brings?: Readonly<Record<string, string | number>>;
  /** Run options that the loss was published with, for `--help`. */
  readonly meantWith?: Readonly<Record<string, string>>;
}
