/** Low- and high-resolution pairs, made from one image inside the recorded step. */
import { resizeMatrix, type tf } from "../../core/mod.ts";

/**
 * The generator's input of an image: an antialiased reduction, as in super-resolution papers.
 * @param images [N, H, W, C], sides divisible by `scale`
 * @param scale whole number
 * @param method "bicubic" (a = −0.5, widened by the scale) or "area" (means of scale × scale
 * pixels)
 * @returns [N, H / scale, W / scale, C]
 */
export function reduce(
  images: tf.Tensor4D,
  scale: number,
  method: "bicubic" | "area",
): tf.Tensor4D {
  const [, height, width] = images.shape;
  return resizeMatrix(images, [height / scale, width / scale], method);
}

/**
 * What the generator corrects: the bicubic enlargement.
 * @param low [N, H, W, C]
 * @returns [N, H · scale, W · scale, C]
 */
export function enlarge(low: tf.Tensor4D, scale: number): tf.Tensor4D {
  const [, height, width] = low.shape;
  return resizeMatrix(low, [height * scale, width * scale], "bicubic");
}
