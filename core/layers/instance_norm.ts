import * as tf from "@tensorflow/tfjs";
import { instanceNormalize } from "../ops/instance_normalize.ts";

/**
 * y = (x − μ) / √(σ² + ε), with μ and σ² over height and width of each channel of each sample
 * (Ulyanov et al. 2016). It has no parameters; `adain` is the modulated form.
 * @param x [N, H, W, C]
 * @param epsilon ε
 * @returns [N, H, W, C]
 */
export function instanceNorm(x: tf.Tensor4D, epsilon = 1e-5): tf.Tensor4D {
  const shape: [number, number, number, number] = [x.shape[0], 1, 1, x.shape[3]];
  return instanceNormalize(x, tf.ones(shape), tf.zeros(shape), epsilon);
}
