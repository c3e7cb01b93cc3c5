/** Describes an image by a few numbers, to distinguish kinds of images; tensor code of a step. */
import * as tf from "@tensorflow/tfjs";

/**
 * The numbers: mean brightness, its deviation, and the channels' mean distance from it; then, in
 * units of contrast, the left-right asymmetry of brightness and how much brighter the top, the left
 * and the middle are; finally the direction of edges, as cosine and sine of twice their angle
 * (Bigün and Granlund 1987, the structure tensor).
 */
export const LOOKS = [
  "brightness",
  "contrast",
  "colourfulness",
  "mirrored",
  "top",
  "left",
  "middle",
  "edges/cosine",
  "edges/sine",
] as const;

/**
 * Computes the numbers of each image.
 * @param images [N, R, R, C]
 * @returns [N, LOOKS.length]
 */
export function looksOf(images: tf.Tensor4D): tf.Tensor2D {
  const [n, side] = images.shape, half = side / 2;
  const mean = (x: tf.Tensor) => tf.mean(tf.reshape(x, [n, -1]), 1); // [N]
  const luma = tf.mean(images, 3) as tf.Tensor3D; // [N, R, R]
  const brightness = mean(luma);
  const centred = tf.sub<tf.Tensor3D>(luma, brightness.reshape([n, 1, 1]));
  const contrast = tf.sqrt(tf.add(mean(tf.square(centred)), 1e-4));
  const part = (row: number, column: number, height: number, width: number) =>
    tf.slice(centred, [0, row, column], [n, height, width]);
  const last = side - 1, corner = part(0, 0, last, last);
  const [across, down] = [
    tf.sub(part(0, 1, last, last), corner),
    tf.sub(part(1, 0, last, last), corner),
  ];
  const [acrossAcross, downDown] = [mean(tf.square(across)), mean(tf.square(down))];
  const edges = tf.add(tf.add(acrossAcross, downDown), 1e-5);
  const relative = (x: tf.Tensor) => tf.div(x, contrast);
  return tf.stack<tf.Tensor>([
    brightness,
    contrast,
    mean(tf.abs(tf.sub(images, tf.reshape(luma, [n, side, side, 1])))),
    relative(mean(tf.abs(tf.sub(luma, tf.reverse(luma, 2))))),
    relative(tf.sub(mean(part(0, 0, half, side)), mean(part(half, 0, half, side)))),
    relative(tf.sub(mean(part(0, 0, side, half)), mean(part(0, half, side, half)))),
    relative(mean(part(1, 1, side - 2, side - 2))),
    tf.div(tf.sub(acrossAcross, downDown), edges),
    tf.div(tf.mul(2, mean(tf.mul(across, down))), edges),
  ], 1) as tf.Tensor2D; // of vectors
}
