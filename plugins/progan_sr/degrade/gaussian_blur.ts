import { tf } from "../../../core/mod.ts";

/** Radius of the blur, px: three standard deviations of 2 px. */
const REACH = 6;

/**
 * Blurs each picture by its own Gaussian, with mirrored borders.
 * @param images [N, H, W, C], at least {@linkcode REACH} px a side
 * @param sigma standard deviations [N, 1, 1, 1], up to 2 px; 0 changes nothing
 * @returns the shape of `images`
 */
export function gaussianBlur(images: tf.Tensor4D, sigma: tf.Tensor4D): tf.Tensor4D {
  // avoids dividing by 0; a Gaussian this narrow is 1 at its middle and 0 elsewhere
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
