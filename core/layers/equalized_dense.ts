import * as tf from "@tensorflow/tfjs";
import { constant, normal } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** A layer on vectors: [N, in] to [N, out]. */
export type VectorLayer = (x: tf.Tensor2D) => tf.Tensor2D;

/** Options of {@linkcode equalizedDense}. */
export interface EqualizedDenseOptions {
  /** Input features. */
  inFeatures: number;
  /** Output features. */
  outFeatures: number;
  /** Default √2; use 1 if no nonlinearity follows. */
  gain?: number;
  /** Default true. */
  bias?: boolean;
  /** Initial value of the bias. Default 0. */
  biasInit?: number;
  /** Default 1; StyleGAN's mapping network uses 0.01. */
  learningRateMultiplier?: number;
}

/**
 * Dense layer with an equalized learning rate: y = x (c · w) + b, w ~ N(0, 1), c = gain / √in
 * (Karras et al. 2018, section 4.1).
 * @param parameters receives "weight" [in, out] and "bias" [out]
 * @returns [N, in] → [N, out]
 */
export function equalizedDense(
  parameters: Parameters,
  options: EqualizedDenseOptions,
): VectorLayer {
  const { inFeatures, outFeatures, gain = Math.SQRT2, bias = true, biasInit = 0 } = options;
  const { learningRateMultiplier = 1 } = options;
  const scale = gain / Math.sqrt(inFeatures);
  const weight = parameters.variable("weight", [inFeatures, outFeatures], normal(), {
    learningRateMultiplier,
    equalized: true,
  });
  const offset = bias
    ? parameters.variable("bias", [outFeatures], constant(biasInit), { learningRateMultiplier })
    : undefined;
  return (x) => {
    const y = tf.matMul<tf.Tensor2D>(x, tf.mul(weight, scale)); // [N, out]
    return offset ? tf.add<tf.Tensor2D>(y, offset) : y;
  };
}
