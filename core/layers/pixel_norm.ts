import type * as tf from "@tensorflow/tfjs";
import { unitPower } from "../ops/unit_power.ts";

/**
 * y = x / √(E[x²] + ε) over the last axis: normalizes the features of each pixel (or latent) to
 * unit power (Karras et al. 2018, section 4.2).
 * @param x [N, H, W, C] or [N, C]
 * @param epsilon ε
 * @returns the shape of `x`
 */
export function pixelNorm<T extends tf.Tensor>(x: T, epsilon = 1e-8): T {
  return unitPower(x, epsilon);
}
