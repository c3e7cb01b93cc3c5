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
 * @param box with boxes, where the part belongs, [N, R, R, 1]: a part that doesn't fill it is wrong
 * @returns partial and part side by side as channels [N, R, R, 2], or merged [N, R, R, 1]; the box
 * as one channel more
 */
export function criticView(
  partial: tf.Tensor4D,
  part: tf.Tensor4D,
  sees: SketchConfig["criticSees"],
  box?: tf.Tensor4D,
): tf.Tensor4D {
  const shown = sees === "pair" ? [partial, part] : [mergeSketches(partial, part)];
  if (box) shown.push(box);
  return shown.length === 1 ? shown[0]! : tf.concat(shown, 3);
}
