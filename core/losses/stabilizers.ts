import * as tf from "@tensorflow/tfjs";
import { randomNormal, randomUniform } from "../random.ts";

/**
 * initial · max(0, 1 − imagesSeen / overImages), as a tensor, so that a recorded step follows the
 * decay.
 * @param initial value at image 0
 * @param imagesSeen scalar input of the step
 * @param overImages number of images until 0
 */
export function linearDecay(
  initial: number,
  imagesSeen: tf.Scalar,
  overImages: number,
): tf.Scalar {
  const left = tf.sub<tf.Scalar>(1, tf.div(imagesSeen, overImages));
  return tf.mul<tf.Scalar>(tf.clipByValue(left, 0, 1), initial);
}

/**
 * Instance noise: x + deviation · n, n ~ N(0, 1), on everything that the discriminator sees
 * (Sønderby et al. 2017; Arjovsky and Bottou 2017).
 * @param x [N, H, W, C]
 * @param deviation scalar, e.g. from {@linkcode linearDecay}
 */
export function instanceNoise(x: tf.Tensor4D, deviation: tf.Scalar | number): tf.Tensor4D {
  return tf.add<tf.Tensor4D>(x, tf.mul(randomNormal(x.shape), deviation));
}

/**
 * Draws which labels of real images to flip: 1 with the given probability, otherwise 0.
 * @param batch N
 * @param probability scalar, 0 … 1
 * @returns [N, 1], for `DiscriminatorTargets.flip`
 */
export function labelFlips(batch: number, probability: tf.Scalar | number): tf.Tensor2D {
  return tf.cast(tf.less<tf.Tensor2D>(randomUniform([batch, 1]), probability), "float32");
}

/**
 * The target of real images under one-sided label smoothing: 1 − amount (Salimans et al. 2016,
 * section 3.4).
 * @param amount scalar, 0 … 1
 */
export function smoothedTarget(amount: tf.Scalar): tf.Scalar {
  return tf.sub<tf.Scalar>(1, amount);
}
