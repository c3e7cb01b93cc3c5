/** Pairs of low and high resolution, made from one image inside the recorded step. */
import { resizeMatrix, tf } from "../../core/mod.ts";

/**
 * Makes the generator's input from an image by an antialiased reduction, as in super-resolution
 * papers.
 * @param images [N, H, W, C], sides divisible by `scale`
 * @param scale integer
 * @param method "bicubic" (a = −0.5, widened by the scale), "area" (means of scale × scale pixels),
 * or "imresize" (MATLAB's bicubic, rounded to 8 bits as in the field's data sets)
 * @returns [N, H / scale, W / scale, C]
 */
export function reduce(
  images: tf.Tensor4D,
  scale: number,
  method: "bicubic" | "area" | "imresize",
): tf.Tensor4D {
  const [, height, width] = images.shape;
  const low = resizeMatrix(images, [height / scale, width / scale], method);
  return method === "imresize" ? rounded(low) : low;
}

/** Quantizes to 8 bits as files do: [-1, 1] in steps of 1 / 127.5. */
export function rounded(x: tf.Tensor4D): tf.Tensor4D {
  const bytes = tf.round(tf.mul(tf.add(tf.clipByValue(x, -1, 1), 1), 127.5));
  return tf.sub<tf.Tensor4D>(tf.div(bytes, 127.5), 1);
}

/** Half width of the bicubic kernel, in input pixels. */
export const BICUBIC_REACH = 2;

/**
 * The bicubic enlargement, to which the generator adds its residual.
 * @param low [N, H, W, C]
 * @returns [N, H · scale, W · scale, C]
 */
export function enlarge(
  low: tf.Tensor4D,
  scale: number,
  method: "bicubic" | "imresize" = "bicubic",
): tf.Tensor4D {
  const [, height, width] = low.shape;
  return resizeMatrix(low, [height * scale, width * scale], method);
}
