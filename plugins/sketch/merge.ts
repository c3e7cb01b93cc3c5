/** How a partial sketch and a part are combined. */
import { maximum, tf } from "../../core/mod.ts";
import type { SketchConfig } from "./config.ts";

/**
 * Merges a sketch and a part: the darker of the two at each pixel (ink is 1).
 * @param partial [N, R, R, 1]
 * @param part [N, R, R, 1]
 */
export function mergeSketches(partial: tf.Tensor4D, part: tf.Tensor4D): tf.Tensor4D {
  return maximum(partial, part);
}

/**
 * The critic's input.
 * @param box with boxes, where the part belongs, [N, R, R, 1], so that the critic can reject a part
 * that does not fill it
 * @returns partial and part as channels [N, R, R, 2], or merged [N, R, R, 1]; the box is one more
 * channel
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
