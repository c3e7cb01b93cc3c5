import * as tf from "@tensorflow/tfjs";
import { randomNormal } from "../random.ts";
import { zeros } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/**
 * Adds per-pixel noise, scaled by a learned weight per feature map: y = x + w_c · n(h, w), with w
 * initialized to 0 (Karras et al. 2019, section 2).
 * @param parameters receives "weight" [C]
 * @param channels C
 * @returns x [N, H, W, C] → [N, H, W, C]; the noise [N or 1, H, W, 1] is drawn unless it is given
 */
export function noise(
  parameters: Parameters,
  channels: number,
): (x: tf.Tensor4D, noise?: tf.Tensor4D) => tf.Tensor4D {
  const weight = parameters.variable("weight", [channels], zeros);
  return (x, given) => {
    const map = given ?? randomNormal([x.shape[0], x.shape[1], x.shape[2], 1]);
    return tf.add<tf.Tensor4D>(x, tf.mul(map, weight));
  };
}
