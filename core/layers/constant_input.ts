import * as tf from "@tensorflow/tfjs";
import { type Initializer, ones } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** Shape and first value of a learned constant. */
export interface ConstantInputOptions {
  /** Channels of the image. */
  channels: number;
  /** Pixels a side. Default 4. */
  size?: number;
  /** Default all 1, as in StyleGAN. */
  init?: Initializer;
}

/**
 * A learned constant in the place of a latent: StyleGAN's first layer (Karras et al. 2019, section
 * 2).
 * @param parameters receives "constant" [1, size, size, channels]
 * @returns batch size N → [N, size, size, channels]
 */
export function constantInput(
  parameters: Parameters,
  { channels, size = 4, init = ones }: ConstantInputOptions,
): (batch: number) => tf.Tensor4D {
  const value = parameters.variable("constant", [1, size, size, channels], init);
  // A product with ones, for its gradient is one sum (that of tile is a chain of slices).
  return (batch) => tf.mul<tf.Tensor4D>(value, tf.ones([batch, 1, 1, 1]));
}
