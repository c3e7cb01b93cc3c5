import type * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** Gradients by the path of their variable. */
export type Gradients = Readonly<Record<string, tf.Tensor>>;

/** Updates variables along their negative gradients. */
export interface Optimizer {
  /** Its name in options: "adam", "rmsprop". */
  readonly name: string;
  /**
   * One step, as pure tensor code: assigns the variables and the slots, so that it can be recorded.
   * A variable without a gradient keeps its value and its slots.
   * @param gradients by path, each with its variable's shape
   * @param learningRate scalar, before each variable's multiplier
   * @throws RangeError if a gradient has no variable
   */
  apply(gradients: Gradients, learningRate: tf.Scalar): void;
  /** The state that a checkpoint must store, by stable paths. */
  slots(): NamedVariable[];
  /** Resets all statistics of the gradients. */
  reset(): void;
  /**
   * Adopts the variables of networks that grew: known ones keep their slots, the slots of removed
   * ones are disposed.
   */
  sync(variables: readonly NamedVariable[]): void;
  /** Disposes the slots, but not the variables, which the optimizer does not own. */
  dispose(): void;
}
