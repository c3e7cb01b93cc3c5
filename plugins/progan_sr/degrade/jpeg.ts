/** JPEG compression and decompression as tensor operations. */
import { tf, upsampleBilinear } from "../../../core/mod.ts";
import { rounded } from "../pairs.ts";

/** Side of a block, px. */
const SIDE = 8;

/** Quantization tables of luma and chroma (ITU-T T.81, tables K.1 and K.2), by rows. */
const LUMA = [
  [16, 11, 10, 16, 24, 40, 51, 61],
  [12, 12, 14, 19, 26, 58, 60, 55],
  [14, 13, 16, 24, 40, 57, 69, 56],
  [14, 17, 22, 29, 51, 87, 80, 62],
  [18, 22, 37, 56, 68, 109, 103, 77],
  [24, 35, 55, 64, 81, 104, 113, 92],
  [49, 64, 78, 87, 103, 121, 120, 101],
  [72, 92, 95, 98, 112, 100, 103, 99],
];
const CHROMA = [
  [17, 18, 24, 47, 99, 99, 99, 99],
  [18, 21, 26, 66, 99, 99, 99, 99],
  [24, 26, 56, 99, 99, 99, 99, 99],
  [47, 66, 99, 99, 99, 99, 99, 99],
  ...Array.from({ length: 4 }, () => Array<number>(SIDE).fill(99)),
];

/** Conversion from RGB to YCbCr (JFIF 1.02), and back. */
const TO_YCC = [
  [0.299, 0.587, 0.114],
  [-0.168736, -0.331264, 0.5],
  [0.5, -0.418688, -0.081312],
];
const TO_RGB = [[1, 0, 1.402], [1, -0.344136, -0.714136], [1, 1.772, 0]];

/** The orthonormal DCT-II; each row is a frequency. */
const DCT = Array.from(
  { length: SIDE },
  (_, k) =>
    Array.from(
      { length: SIDE },
      (_, n) => Math.sqrt((k === 0 ? 1 : 2) / SIDE) * Math.cos(Math.PI * (n + 0.5) * k / SIDE),
    ),
);

/**
 * Compresses pictures and decodes them again: the cosine transform of 8×8 blocks is divided by
 * libjpeg's tables, rounded and transformed back, with chroma at half the resolution (4:2:0,
 * upsampled linearly as in libjpeg) and everything rounded to 8 bits.
 * @param images [N, H, W, C] in [-1, 1]; 3 channels, or 1 for luma alone
 * @param quality [N, 1, 1, 1] on libjpeg's scale, 1 … 100
 * @returns the shape of `images`
 */
export function jpeg(images: tf.Tensor4D, quality: tf.Tensor4D): tf.Tensor4D {
  const levels = tf.sub<tf.Tensor4D>(tf.mul(images, 127.5), 0.5); // byte values minus 128
  if (images.shape[3] === 1) return back(quantized(levels, LUMA, quality));
  const [, height, width] = images.shape;
  const ycc = mixed(levels, TO_YCC);
  const luma = quantized(ycc.slice([0, 0, 0, 0], [-1, -1, -1, 1]), LUMA, quality);
  const even = padded(ycc.slice([0, 0, 0, 1], [-1, -1, -1, 2]), 2);
  const half = quantized(tf.avgPool(even, 2, 2, "valid"), CHROMA, quality);
  const chroma = upsampleBilinear(half).slice([0, 0, 0, 0], [-1, height, width, 2]);
  return back(mixed(tf.concat([luma, chroma], 3), TO_RGB));
}

function back(levels: tf.Tensor4D): tf.Tensor4D {
  return rounded(tf.div(tf.add(levels, 0.5), 127.5));
}

/** Mixes channels: each output channel is a weighted sum of those of `x`. */
function mixed(x: tf.Tensor4D, weights: number[][]): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const flat = tf.reshape<tf.Rank.R2>(x, [batch * height * width, channels]);
  const y = tf.matMul(flat, tf.tensor2d(weights), false, true);
  return tf.reshape(y, [batch, height, width, weights.length]);
}

/**
 * Transforms 8×8 blocks, rounds them to multiples of the table's entries and transforms them back.
 */
function quantized(x: tf.Tensor4D, table: number[][], quality: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const whole = padded(x, SIDE), rows = whole.shape[1] / SIDE, columns = whole.shape[2] / SIDE;
  const count = rows * columns * channels;
  const blocks = tf.reshape(
    tf.transpose(tf.reshape(whole, [batch, rows, SIDE, columns, SIDE, channels]), [
      ...[0, 1, 3, 5],
      ...[2, 4],
    ]),
    [batch * count, SIDE, SIDE],
  ) as tf.Tensor3D;
  const transform = tf.tensor3d([DCT]);
  const spectrum = transformed(blocks, transform, false);
  const steps = stepsOf(table, quality); // [N, 8, 8]
  const each = tf.reshape(tf.tile(tf.expandDims(steps, 1), [1, count, 1, 1]), [
    batch * count,
    SIDE,
    SIDE,
  ]);
  const kept = tf.mul<tf.Tensor3D>(tf.round(tf.div(spectrum, each)), each);
  const apart = tf.reshape(transformed(kept, transform, true), [
    ...[batch, rows, columns, channels],
    ...[SIDE, SIDE],
  ]);
  const picture = tf.reshape<tf.Rank.R4>(tf.transpose(apart, [0, 1, 4, 2, 5, 3]), whole.shape);
  return picture.slice([0, 0, 0, 0], [batch, height, width, channels]);
}

/** D X Dᵀ, or its inverse Dᵀ X D, for matrices [K, 8, 8]. */
function transformed(x: tf.Tensor3D, matrix: tf.Tensor3D, isInverse: boolean): tf.Tensor3D {
  const whole = tf.tile(matrix, [x.shape[0], 1, 1]);
  return tf.matMul(tf.matMul(whole, x, isInverse, false), whole, false, !isInverse);
}

/** The table scaled for a quality, as in libjpeg's jpeg_quality_scaling: [N, 8, 8]. */
function stepsOf(table: number[][], quality: tf.Tensor4D): tf.Tensor3D {
  const q = tf.reshape(quality, [-1, 1, 1]);
  const percent = tf.where(tf.less(q, 50), tf.div(5000, q), tf.sub(200, tf.mul(q, 2)));
  const scaled = tf.floor(tf.div(tf.add(tf.mul(tf.tensor3d([table]), percent), 50), 100));
  return tf.clipByValue<tf.Tensor3D>(scaled as tf.Tensor3D, 1, 255); // same rank as the table
}

/** Pads the height and width to multiples of `side` by mirroring. */
function padded(x: tf.Tensor4D, side: number): tf.Tensor4D {
  const [, height, width] = x.shape;
  const [down, right] = [-height % side + side, -width % side + side].map((n) => n % side);
  if (down === 0 && right === 0) return x;
  return tf.mirrorPad(x, [[0, 0], [0, down!], [0, right!], [0, 0]], "symmetric"); // both are set
}
