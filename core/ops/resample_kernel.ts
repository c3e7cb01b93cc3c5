import * as tf from "@tensorflow/tfjs";

/**
 * The kernel of a strided convolution that equals a convolution followed by averaging 2×2 blocks:
 * by linearity, the mean of the kernel's four shifts by 0 and 1 (Karras et al. 2019 call it "fused
 * scale"). For a 3×3 kernel it costs 16 instead of 36 products per output and channel pair, and is
 * exact up to rounding, including the borders. Use it as `tf.conv2d(x, downsampleKernel(w), 2,
 * "same")`.
 * @param kernel [K, K, in, out], K odd
 * @returns [K + 1, K + 1, in, out]
 */
export function downsampleKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  return tf.mul<tf.Tensor4D>(sumOfShifts(kernel), 0.25);
}

/**
 * The kernel of a transposed convolution that equals repeating each pixel 2×2 and then convolving:
 * the sum of the flipped kernel's four shifts. Use it as `tf.conv2dTranspose(x, upsampleKernel(w),
 * shape, 2, "same")`.
 * @param kernel [K, K, in, out], K odd
 * @returns [K + 1, K + 1, out, in], as transposed convolutions take it
 */
export function upsampleKernel(kernel: tf.Tensor4D): tf.Tensor4D {
  const mirrored = tf.transpose(tf.reverse(kernel, [0, 1]), [0, 1, 3, 2]);
  return sumOfShifts(mirrored);
}

function sumOfShifts(kernel: tf.Tensor4D): tf.Tensor4D {
  const shifted = (y: number, x: number) =>
    tf.pad(kernel, [[y, 1 - y], [x, 1 - x], [0, 0], [0, 0]]);
  return tf.addN([shifted(0, 0), shifted(0, 1), shifted(1, 0), shifted(1, 1)]);
}
