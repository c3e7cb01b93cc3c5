import type * as tf from "@tensorflow/tfjs";
import type { Critic } from "./critic.ts";

/** The option of a run that weighs a penalty; penalties of the same symbol share one. */
export interface PenaltyWeight<Option extends string = string> {
  /** Its name in configurations; the flag is made of it. */
  readonly option: Option;
  /** What `--help` says after the penalties' names. */
  readonly note: string;
  /** Its value where nobody gives one. */
  readonly initial: number;
  /** Whether it grows with the picture as `--gamma-from` says. */
  readonly grows?: boolean;
}

/** What a penalty sees of a discriminator's step; what it asks for is computed then. */
export interface PenaltyStep {
  readonly size: number;
  /** The discriminator, differentiable twice. */
  readonly critic: Critic;
  /** Reals as the discriminator is shown them, [N, R, R, C]. */
  real(): tf.Tensor4D;
  /** Generated images as the discriminator is shown them, [N, R, R, C]. */
  fake(): tf.Tensor4D;
}

/**
 * A penalty on the discriminator's gradient. Its place in the list of `penalty_by_name.ts` makes it
 * a choice of `--penalty`; its flags, their help, and the watch over the run come from what stands
 * here.
 */
export interface Penalty<Name extends string = string, Option extends string = string> {
  /** As configurations name it, and its loss term. */
  readonly name: Name;
  /** As people write it. */
  readonly title: string;
  readonly weight: PenaltyWeight<Option>;
  /**
   * The term of one step; `--penalty-every` says how often it joins, and scales it.
   * @param weight of its option
   */
  apply(step: PenaltyStep, weight: number): tf.Scalar;
}

/** γ of Mescheder et al. 2018, "Which Training Methods for GANs do actually Converge?". */
export const GAMMA: PenaltyWeight<"gamma"> = {
  option: "gamma",
  note: "γ; the term is γ/2 · E‖∇D‖²",
  initial: 2,
  grows: true,
};

/** λ of Gulrajani et al. 2017, "Improved Training of Wasserstein GANs". */
export const LAMBDA: PenaltyWeight<"lambda"> = { option: "lambda", note: "λ", initial: 10 };
