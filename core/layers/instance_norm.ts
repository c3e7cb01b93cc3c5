import * as tf from "@tensorflow/tfjs";
import { instanceStatistics } from "../ops/instance_statistics.ts";

/**
 * y = (x − μ) / √(σ² + ε), with μ and σ² over height and width of each sample's channels
 * (Ulyanov et al. 2016). Without parameters: see `adain` for the modulated form.
 * @param x [N, H, W, C]
 * @param epsilon ε
 * @returns [N, H, W, C]
 */
export function instanceNorm(x: tf.Tensor4D, epsilon = 1e-5): tf.Tensor4D {
  const { mean, variance } = instanceStatistics(x);
  return tf.mul<tf.Tensor4D>(tf.sub(x, mean), tf.rsqrt(tf.add(variance, epsilon)));
}
