import { tf } from "../../../core/mod.ts";

/** Pixels to each side that the blur sees: three standard deviations of 2 px. */
const REACH = 6;

/**
 * Blurs each picture by a Gaussian of its own, mirrored at its borders.
 * @param images [N, H, W, C], sides of {@linkcode REACH} px at least
 * @param sigma [N, 1, 1, 1] standard deviations, px, up to 2; 0 changes nothing
 * @returns the shape of `images`
 */
export function gaussianBlur(images: tf.Tensor4D, sigma: tf.Tensor4D): tf.Tensor4D {
  // a narrow Gaussian is 1 at its middle and 0 elsewhere
  const spread = tf.mul(tf.square(tf.maximum(sigma, 1e-3)), 2);
  const weights = Array.from(
    { length: 2 * REACH + 1 },
    (_, i) => tf.exp(tf.neg(tf.div((i - REACH) ** 2, spread))),
  );
  const total = tf.addN(weights);
  const along = (x: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D => {
    const padding: [number, number][] = [[0, 0], [0, 0], [0, 0], [0, 0]];
    padding[axis] = [REACH, REACH];
    const padded = tf.mirrorPad(x, padding, "symmetric");
    const parts = weights.map((weight, i) => {
      const begin = [0, 0, 0, 0];
      begin[axis] = i;
      return tf.mul(padded.slice(begin, x.shape), weight);
    });
    return tf.div<tf.Tensor4D>(tf.addN(parts), total);
  };
  return along(along(images, 1), 2);
}
