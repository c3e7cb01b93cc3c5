/** How a partial sketch and a part come together. */
import { maximum, tf } from "../../core/mod.ts";
import type { SketchConfig } from "./config.ts";

/**
 * The sketch with its part: the darker of the two at each pixel (ink is 1).
 * @param partial [N, R, R, 1]
 * @param part [N, R, R, 1]
 */
export function mergeSketches(partial: tf.Tensor4D, part: tf.Tensor4D): tf.Tensor4D {
  return maximum(partial, part);
}

/**
 * What the critic is shown.
 * @returns partial and part side by side as channels [N, R, R, 2], or merged [N, R, R, 1]
 */
export function criticView(
  partial: tf.Tensor4D,
  part: tf.Tensor4D,
  sees: SketchConfig["criticSees"],
): tf.Tensor4D {
  return sees === "pair" ? tf.concat([partial, part], 3) : mergeSketches(partial, part);
}
