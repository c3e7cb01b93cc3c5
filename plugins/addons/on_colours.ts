/** Colour changes on images that may have an opacity channel. */
import { tf } from "../../core/mod.ts";

/**
 * Applies a change that is linear in the colours. The colours of images with opacity are first
 * multiplied by it (from 0 to 1), so that transparent pixels stay transparent.
 * @param images [N, R, R, C] in [-1, 1]
 * @param change receives [N, R, R, 1 or 3]; where `opacity` [N, R, R, 1] is given, it must multiply
 * any constant that it adds by it
 */
export function onColours(
  images: tf.Tensor4D,
  change: (colours: tf.Tensor4D, opacity?: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (images.shape[3] !== 4) return change(images);
  const [colours, last] = tf.split(images, [3, 1], 3) as [tf.Tensor4D, tf.Tensor4D];
  const opacity = tf.mul<tf.Tensor4D>(tf.add(last, 1), 0.5);
  const changed = change(tf.sub(tf.add(colours, 1), opacity), opacity);
  return tf.concat([tf.sub(tf.add(changed, opacity), 1) as tf.Tensor4D, last], 3);
}
