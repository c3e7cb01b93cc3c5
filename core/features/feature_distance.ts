/**
 * Perceptual distance between images: compares the feature maps of a frozen network position by
 * position.
 */
import * as tf from "@tensorflow/tfjs";
import type { EfficientNet } from "./efficientnet_lite0.ts";

/**
 * Normalizes the vectors of a map to length 1, as LPIPS does (Zhang et al. 2018, equation 1).
 * @param map [N, h, w, C]
 */
export function unitVectors(map: tf.Tensor4D): tf.Tensor4D {
  return tf.mul(map, tf.rsqrt(tf.add(tf.sum(tf.square(map), 3, true), 1e-8)));
}

/**
 * Mean over maps and positions of the squared distance between unit vectors: 0 … 4. It has no
 * learned channel weights, so its values are not those of LPIPS.
 * @returns 0 without maps
 */
export function featureDistance(
  a: readonly tf.Tensor4D[],
  b: readonly tf.Tensor4D[],
): tf.Scalar {
  // both are maps of the same network
  const each = a.map((map, i) => tf.mean<tf.Scalar>(tf.sum(tf.square(tf.sub(map, b[i]!)), 3)));
  return each.length > 0 ? tf.div(tf.addN(each), each.length) : tf.scalar(0);
}

/**
 * EfficientNet-lite0's maps at strides 4, 8 and 16, as unit vectors; the map at stride 32 carries
 * too little spatial information.
 * @param images [N, H, W, 3], or 1 channel, in [-1, 1]
 */
export function efficientNetMaps(net: EfficientNet, images: tf.Tensor4D): tf.Tensor4D[] {
  return net.stages(images).slice(0, 3).map(unitVectors);
}

/**
 * {@linkcode featureDistance} of {@linkcode efficientNetMaps}, at the images' own size.
 * Differentiable once, with respect to `fake`.
 * @param fake [N, H, W, C] in [-1, 1]
 * @param real the shape of `fake`
 */
export function efficientNetDistance(
  net: EfficientNet,
  fake: tf.Tensor4D,
  real: tf.Tensor4D,
): tf.Scalar {
  return featureDistance(efficientNetMaps(net, fake), efficientNetMaps(net, real));
}
