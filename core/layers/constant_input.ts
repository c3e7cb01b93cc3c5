import * as tf from "@tensorflow/tfjs";
import { type Initializer, ones } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** Options of {@linkcode constantInput}. */
export interface ConstantInputOptions {
  /** Channels of the image. */
  channels: number;
  /** Side in pixels. Default 4. */
  size?: number;
  /** Default all 1, as in StyleGAN. */
  init?: Initializer;
}

/**
 * A learned constant instead of a latent: StyleGAN's first layer (Karras et al. 2019, section 2).
 * @param parameters receives "constant" [1, size, size, channels]
 * @returns batch size N → [N, size, size, channels]
 */
export function constantInput(
  parameters: Parameters,
  { channels, size = 4, init = ones }: ConstantInputOptions,
): (batch: number) => tf.Tensor4D {
  const value = parameters.variable("constant", [1, size, size, channels], init);
  // Multiply by ones: the gradient is a single sum (that of tile is a chain of slices).
  return (batch) => tf.mul<tf.Tensor4D>(value, tf.ones([batch, 1, 1, 1]));
}
