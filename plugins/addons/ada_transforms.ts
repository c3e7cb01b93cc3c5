/**
 * The transformations of adaptive discriminator augmentation, each applied to an image with
 * probability p (Karras et al. 2020, "Training Generative Adversarial Networks with Limited Data",
 * appendix B).
 */
import { randomNormal, randomUniform, tf } from "../../core/mod.ts";
import { onColours } from "./on_colours.ts";

const TURN = 2 * Math.PI;

/** `value` [N, 1] with probability p, `otherwise` with probability 1 − p. */
function sometimes(p: tf.Scalar, value: tf.Tensor, otherwise: number): tf.Tensor {
  const chosen = tf.less(randomUniform(value.shape), p).toFloat();
  return tf.add(tf.mul(chosen, tf.sub(value, otherwise)), otherwise);
}

/** Mirrors coordinates at the borders: the outer edges of the image are at 0 and `side`. */
function mirroredAt(u: tf.Tensor, side: number): tf.Tensor {
  const m = tf.mod(u, 2 * side); // 0 … 2 side, whatever the sign of u
  return tf.minimum(m, tf.sub(2 * side, m));
}

/** The largest batch whose pixel indices float32 can represent exactly (up to 2²⁴). */
export function countable(side: number): number {
  return Math.floor(2 ** 24 / side ** 2);
}

/**
 * Inverse-maps each output pixel to its source position, then interpolates bilinearly between the
 * four pixels around it. Flips and translations by whole pixels copy values unchanged.
 * @param p probability of each transformation
 * @param most images processed at once, because pixel indices are float32
 * @returns [N, R, R, C]
 */
export function transformed(
  images: tf.Tensor4D,
  p: tf.Scalar,
  most: number = countable(images.shape[1]),
): tf.Tensor4D {
  const [n, side, , channels] = images.shape;
  if (n > most) {
    const first = transformed(images.slice(0, most), p, most);
    return tf.concat([first, transformed(images.slice(most), p, most)], 0);
  }
  const each = () => randomUniform([n, 1]);
  const flip = sometimes(p, tf.sub(1, tf.mul(2, tf.round(each()))), 1); // ±1
  const scale = sometimes(p, tf.pow(2, tf.mul(randomNormal([n, 1]), 0.2)), 1); // log-normal
  const angle = sometimes(p, tf.mul(tf.sub(each(), 0.5), TURN), 0);
  // up to an eighth of a side
  const shift = () => sometimes(p, tf.round(tf.mul(tf.sub(each(), 0.5), side / 4)), 0);
  const [dx, dy] = [shift(), shift()];

  const at = Array.from({ length: side * side }, (_, i) => i);
  // relative to the centre
  const x = tf.tensor2d(at.map((i) => i % side + 0.5 - side / 2), [1, side * side]);
  const y = tf.tensor2d(at.map((i) => Math.floor(i / side) + 0.5 - side / 2), [1, side * side]);
  const cos = tf.div(tf.cos(angle), scale), sin = tf.div(tf.sin(angle), scale);
  // undoes the translation, then rotation and scale, then the flip
  const [sx, sy] = [tf.sub(x, dx), tf.sub(y, dy)];
  const u = tf.mul(flip, tf.add(tf.mul(cos, sx), tf.mul(sin, sy)));
  const v = tf.sub(tf.mul(cos, sy), tf.mul(sin, sx));
  const [cu, cv] = [u, v].map((c) => tf.sub(mirroredAt(tf.add(c, side / 2), side), 0.5)) as [
    tf.Tensor,
    tf.Tensor,
  ];
  const [left, top] = [tf.floor(cu), tf.floor(cv)];
  const [right, low] = [tf.sub(cu, left), tf.sub(cv, top)]; // weights of the farther neighbours

  const flat = tf.reshape(images, [n * side * side, channels]);
  const first = tf.reshape(tf.mul(tf.range(0, n), side * side), [n, 1]); // of each image
  const pixel = (column: tf.Tensor, row: tf.Tensor, weight: tf.Tensor) => {
    const inside = (c: tf.Tensor) => tf.clipByValue(c, 0, side - 1);
    const index = tf.add(first, tf.add(tf.mul(inside(row), side), inside(column))).toInt();
    const values = tf.gather(flat, tf.reshape<tf.Rank.R1>(index, [-1]));
    return tf.mul(values, weight.reshape([-1, 1]));
  };
  const [nextColumn, nextRow] = [tf.add(left, 1), tf.add(top, 1)];
  const [before, above] = [tf.sub(1, right), tf.sub(1, low)];
  const sum = tf.addN([
    pixel(left, top, tf.mul(before, above)),
    pixel(nextColumn, top, tf.mul(right, above)),
    pixel(left, nextRow, tf.mul(before, low)),
    pixel(nextColumn, nextRow, tf.mul(right, low)),
  ]);
  return tf.reshape(sum, images.shape);
}

/**
 * Brightness, contrast and, for colour images, saturation, with the strengths of the paper
 * (appendix B): brightness is shifted by N(0, 0.2²); contrast and saturation are scaled by factors
 * whose binary logarithms have standard deviations of 0.5 and 1.
 */
export function coloured(images: tf.Tensor4D, p: tf.Scalar): tf.Tensor4D {
  const [n, , , channels] = images.shape;
  const shape = [n, 1, 1, 1];
  const factor = (deviation: number) =>
    sometimes(p, tf.pow(2, tf.mul(randomNormal(shape), deviation)), 1);
  return onColours(images, (colours, opacity) => {
    const change = sometimes(p, tf.mul(randomNormal(shape), 0.2), 0);
    let x = tf.add<tf.Tensor4D>(colours, opacity ? tf.mul(change, opacity) : change);
    x = tf.mul(x, factor(0.5));
    if (channels > 1) {
      const luma = tf.mean(x, 3, true);
      x = tf.add(luma, tf.mul(tf.sub(x, luma), factor(1)));
    }
    return x;
  });
}
