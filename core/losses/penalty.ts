import type * as tf from "@tensorflow/tfjs";
import type { Critic } from "./critic.ts";

/** The run option that weights a penalty; penalties with the same symbol share one. */
export interface PenaltyWeight<Option extends string = string> {
  /** Its name in configurations, from which the flag is derived. */
  readonly option: Option;
  /** What `--help` says after the penalties' names. */
  readonly note: string;
  /** Its default value. */
  readonly initial: number;
  /** Whether it grows with the resolution as `--gamma-from` says. */
  readonly grows?: boolean;
}

/** What a penalty sees of a discriminator step; images are computed when requested. */
export interface PenaltyStep {
  readonly size: number;
  /** The discriminator, twice differentiable. */
  readonly critic: Critic;
  /** Reals as the discriminator sees them, [N, R, R, C]. */
  real(): tf.Tensor4D;
  /** Generated images as the discriminator sees them, [N, R, R, C]. */
  fake(): tf.Tensor4D;
}

/**
 * A gradient penalty on the discriminator. Adding it to the list in `penalty_by_name.ts` makes it a
 * choice of `--penalty`; its flags, their help, and the watch over the run are derived from these
 * fields.
 */
export interface Penalty<Name extends string = string, Option extends string = string> {
  /** Its name in configurations and as a loss term. */
  readonly name: Name;
  /** Its name for people. */
  readonly title: string;
  readonly weight: PenaltyWeight<Option>;
  /**
   * The term of one step; `--penalty-every` determines how often it is computed, and scales it.
   * @param weight the value of its option
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
