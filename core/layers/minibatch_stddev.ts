import * as tf from "@tensorflow/tfjs";

/**
 * Appends a channel that tells how much the samples of a group differ: the standard deviation of
 * each feature and position over the group, averaged to one number per group (Karras et al. 2018,
 * section 3).
 * @param x [N, H, W, C]
 * @param groupSize requested samples per group; the largest divisor of N up to it is used, or all
 * of N if that is 1, because a single sample has no deviation
 * @param epsilon added to the variance
 * @returns [N, H, W, C + 1]
 */
export function minibatchStddev(x: tf.Tensor4D, groupSize = 4, epsilon = 1e-8): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const size = groupOf(batch, groupSize), groups = batch / size;
  // Sample n is in group n mod groups.
  const y = tf.reshape(x, [size, groups, height * width * channels]);
  const centered = tf.sub(y, tf.mean(y, 0, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centered), 0), epsilon)); // [groups, HWC]
  const statistic = tf.reshape(tf.mean(deviation, 1), [1, groups]);
  const each = tf.reshape(tf.mul(statistic, tf.ones([size, 1])), [batch, 1, 1, 1]);
  return tf.concat([x, tf.mul<tf.Tensor4D>(each, tf.ones([1, height, width, 1]))], 3);
}

function groupOf(batch: number, requested: number): number {
  const size = largestDivisor(batch, requested);
  return size === 1 && requested > 1 ? batch : size;
}

/** The largest divisor of `n` that is at most `limit`. */
function largestDivisor(n: number, limit: number): number {
  let divisor = Math.min(n, limit);
  while (n % divisor !== 0) divisor--;
  return divisor;
}

/**
 * Warns that the minibatch standard deviation has no effect with a batch of one sample.
 * @param context of a hook
 * @param groupSize as passed to {@linkcode minibatchStddev}; 0 if it is not used
 */
export function warnOfLoneSample(
  context: { phase: { batchSize: number }; warn(code: string, message: string): void },
  groupSize: number,
): void {
  if (groupSize < 2 || context.phase.batchSize > 1) return;
  context.warn(
    "stddev-lone-sample",
    "The minibatch standard deviation is off: a batch of 1 has nothing to compare with, so " +
      "that images may become all alike. --batch 2 or more switches it on",
  );
}
