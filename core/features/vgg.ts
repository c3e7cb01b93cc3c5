/**
 * The first block of VGG-19 (Simonyan and Zisserman 2015), frozen and not part of any checkpoint.
 */
import * as tf from "@tensorflow/tfjs";
import { absolute } from "../ops/absolute.ts";
import { leakyRelu } from "../ops/leaky_relu.ts";

/** Layers of block 1, in order: "conv" before the ReLU, "relu" after it. */
export const VGG_FEATURES = ["conv1_1", "relu1_1", "conv1_2", "relu1_2"] as const;

/** A layer of block 1. */
export type VggFeature = typeof VGG_FEATURES[number];

/** Shapes of the weights: convolutions are HWIO with input channels B, G, R. */
export const VGG_SHAPES = {
  "block1_conv1.kernel": [3, 3, 3, 64],
  "block1_conv1.bias": [64],
  "block1_conv2.kernel": [3, 3, 64, 64],
  "block1_conv2.bias": [64],
} as const;

/** Names of the weights. */
export type VggName = keyof typeof VGG_SHAPES;
/**
 * Weights of block 1 in main memory. In a step they become constants: never trained, never saved.
 */
export type VggWeights = Readonly<Record<VggName, Float32Array>>;

/** ImageNet's mean of B, G, R, 0 … 255, as Caffe's and Keras' VGG subtract it. */
const MEAN = [103.939, 116.779, 123.68];

/**
 * Features of images. The convolutions pad with zeros, as Keras does.
 * @param images [N, H, W, C] in [-1, 1]; C is 3, or 1 for greyscale
 * @param feature the layer to return
 * @returns [N, H, W, 64]
 */
export function vggFeatures(
  weights: VggWeights,
  images: tf.Tensor4D,
  feature: VggFeature,
): tf.Tensor4D {
  let x = convolve(weights, preprocess(images), "block1_conv1");
  if (feature === "conv1_1") return x;
  x = leakyRelu(x, 0);
  if (feature === "relu1_1") return x;
  x = convolve(weights, x, "block1_conv2");
  return feature === "conv1_2" ? x : leakyRelu(x, 0);
}

/**
 * Converts RGB in [-1, 1] to 255 · RGB − mean. Instead of converting images to BGR, the first
 * kernel is reversed to RGB.
 */
export function preprocess(images: tf.Tensor4D): tf.Tensor4D {
  const rgb = images.shape[3] === 1 ? tf.concat([images, images, images], 3) : images;
  const bytes = tf.mul(tf.add(rgb, 1), 127.5);
  return tf.sub<tf.Tensor4D>(bytes, tf.tensor1d(MEAN.toReversed()));
}

function convolve(
  weights: VggWeights,
  x: tf.Tensor4D,
  layer: "block1_conv1" | "block1_conv2",
): tf.Tensor4D {
  const bgr = tf.tensor4d(weights[`${layer}.kernel`], [...VGG_SHAPES[`${layer}.kernel`]]);
  const kernel = layer === "block1_conv1" ? tf.reverse(bgr, 2) : bgr;
  return tf.add<tf.Tensor4D>(
    tf.conv2d(x, kernel, 1, "same"),
    tf.tensor1d(weights[`${layer}.bias`]),
  );
}

/**
 * Perceptual distance of two images according to VGG-19: the mean absolute difference of their
 * features (as in ESRGAN, Wang et al. 2018), relative to the mean absolute feature of the real
 * images, so that it does not depend on whether the weights were rescaled filter by filter:
 *
 *     mean |f(fake) − f(real)| / mean |f(real)|
 *
 * @param fake [N, H, W, C] in [-1, 1]
 * @param real the shape of `fake`; no gradient flows to it
 */
export function perceptualDistance(
  weights: VggWeights,
  fake: tf.Tensor4D,
  real: tf.Tensor4D,
  feature: VggFeature,
): tf.Scalar {
  const target = vggFeatures(weights, real, feature);
  const difference = tf.sub(vggFeatures(weights, fake, feature), target);
  const distance = tf.mean(absolute(difference));
  const size = feature.startsWith("relu") ? target : tf.abs(target); // not negative behind a ReLU
  return tf.div<tf.Scalar>(distance, tf.add(tf.mean(size), 1e-8));
}
