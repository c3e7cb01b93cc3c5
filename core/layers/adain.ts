import * as tf from "@tensorflow/tfjs";
import { instanceNormalize } from "../ops/instance_normalize.ts";
import { equalizedDense } from "./equalized_dense.ts";
import type { Parameters } from "./parameters.ts";

/** Options of {@linkcode adain}. */
export interface AdainOptions {
  /** Channels of the images. */
  channels: number;
  /** Length of w. */
  styleFeatures: number;
  /** Default 1e-5. */
  epsilon?: number;
}

/**
 * Adaptive instance normalization: y = (1 + s) · (x − μ) / √(σ² + ε) + b, where [s, b] is a learned
 * affine map of the style w (Huang and Belongie 2017, equation 8; Karras et al. 2019, equation 1).
 * @param parameters receives scope "style"
 * @returns x [N, H, W, C] and w [N, styleFeatures] → [N, H, W, C]
 */
export function adain(
  parameters: Parameters,
  options: AdainOptions,
): (x: tf.Tensor4D, w: tf.Tensor2D) => tf.Tensor4D {
  const { channels, styleFeatures, epsilon = 1e-5 } = options;
  const affine = equalizedDense(parameters.scope("style"), {
    inFeatures: styleFeatures,
    outFeatures: 2 * channels,
    gain: 1,
  });
  return (x, w) => {
    const style = tf.reshape(affine(w), [-1, 1, 1, 2 * channels]);
    // Two tensors of [N, 1, 1, C].
    const [scale, offset] = tf.split(style, 2, 3) as [tf.Tensor4D, tf.Tensor4D];
    return instanceNormalize(x, tf.add(scale, 1), offset, epsilon);
  };
}
