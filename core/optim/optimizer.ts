import type * as tf from "@tensorflow/tfjs";
import type { NamedVariable } from "../layers/parameters.ts";

/** Gradients by the path of their variable. */
export type Gradients = Readonly<Record<string, tf.Tensor>>;

/** Moves variables against their gradients. */
export interface Optimizer {
  /** As options call it: "adam", "rmsprop". */
  readonly name: string;
  /**
   * One step, as pure tensor code: assigns the variables and the slots, so that it can be recorded.
   * A variable without a gradient stays as it is, with its slots.
   * @param gradients by path, each of its variable's shape
   * @param learningRate scalar, before each variable's multiplier
   * @throws RangeError where a gradient has no variable
   */
  apply(gradients: Gradients, learningRate: tf.Scalar): void;
  /** All state that a checkpoint must keep, by stable paths. */
  slots(): NamedVariable[];
  /** Forgets all that was learned about the gradients. */
  reset(): void;
  /**
   * Takes over the variables of networks that grew: known ones keep their slots, those of gone ones
   * are disposed.
   */
  sync(variables: readonly NamedVariable[]): void;
  /** Disposes the slots; the variables are not the optimizer's. */
  dispose(): void;
}
