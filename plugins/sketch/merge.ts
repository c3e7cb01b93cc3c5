/** How a partial sketch and a part come together. */
import { downsampleAverage, lerp, maximum, tf, upsampleBilinear } from "../../core/mod.ts";
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

/**
 * Real parts as sharp as drawn ones can be while a resolution fades in: reduced, enlarged as the generator enlarges,
 * blended by alpha.
 * @param parts [N, R, R, 1]
 */
export function fadeParts(parts: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D {
  return lerp(upsampleBilinear(downsampleAverage(parts)), parts, alpha);
}
