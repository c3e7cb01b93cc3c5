/** A box as an image: which pixels of its frame it covers. */
import {
  BOX_SHARE,
  downsampleAverage,
  LEAST_FRAME,
  lerp,
  tf,
  upsampleNearest,
} from "../../../core/mod.ts";

/**
 * Draws boxes centred in their frames (see `frameOf()`): 1 inside, -1 outside, and in between in
 * proportion to the covered area of edge pixels. Being area coverage, its 2×2 averages are the view
 * at half the resolution.
 * @param boxes [N, 4], centre x and y, width, height
 * @returns [N, R, R, 1]
 */
export function boxView(boxes: tf.Tensor2D, resolution: number): tf.Tensor4D {
  const count = boxes.shape[0];
  const [, sizes] = tf.split(boxes, 2, 1) as [tf.Tensor, tf.Tensor]; // width and height
  const side = tf.maximum(tf.div(tf.max(sizes, 1, true), BOX_SHARE), LEAST_FRAME); // [N, 1]
  const halves = tf.mul(tf.div(sizes, side), resolution / 2); // px
  const pixels = tf.range(0, resolution).reshape([1, resolution]);
  /** Share of each row or column that is covered: [N, R]. */
  const covered = (half: tf.Tensor) => {
    const from = tf.sub(resolution / 2, half), to = tf.add(resolution / 2, half);
    const overlap = tf.sub(tf.minimum(tf.add(pixels, 1), to), tf.maximum(pixels, from));
    return tf.clipByValue(overlap, 0, 1);
  };
  const [width, height] = tf.split(halves, 2, 1) as [tf.Tensor, tf.Tensor]; // two columns
  const columns = tf.reshape(covered(width), [count, 1, resolution, 1]);
  const rows = tf.reshape(covered(height), [count, resolution, 1, 1]);
  return tf.sub<tf.Tensor4D>(tf.mul(tf.mul(columns, rows), 2), 1);
}

/** {@linkcode boxView} while a resolution fades in, see `fadeSketches()`. */
export function shownBox(
  boxes: tf.Tensor2D,
  resolution: number,
  alpha: tf.Scalar | number,
): tf.Tensor4D {
  const view = boxView(boxes, resolution);
  return alpha === 1 ? view : lerp(upsampleNearest(downsampleAverage(view)), view, alpha);
}
