/** Image features for metrics: a frozen network's output as one row of numbers per image. */
import * as tf from "@tensorflow/tfjs";
import { onWhite } from "../images/mod.ts";
import type { FeatureExtractor } from "../metrics/feature_set.ts";
import { createEfficientNet, EMBEDDING_CHANNELS } from "./efficientnet_lite0.ts";
import type { HostWeights } from "./torch_file.ts";
import { vggFeatures, type VggWeights } from "./vgg.ts";

/**
 * Smaller images are enlarged to this side in px, because EfficientNet halves its input five times.
 */
const SMALLEST = 128;

/**
 * EfficientNet-lite0's embedding of 1,280 numbers, which represents the content of a picture.
 * Images below 128 px are enlarged to 128 px bilinearly, like all images of a comparison.
 */
export function efficientNetExtractor(
  weights: ReadonlyMap<string, HostWeights>,
): FeatureExtractor {
  const net = createEfficientNet(weights);
  return {
    id: "efficientnet",
    name: "EfficientNet-lite0",
    length: EMBEDDING_CHANNELS,
    extract: (images, shape) =>
      read(images, shape, (x) => {
        const size = Math.max(SMALLEST, shape.resolution);
        return net.embed(size === shape.resolution ? x : tf.image.resizeBilinear(x, [size, size]));
      }),
    dispose: () => net.dispose(),
  };
}

/**
 * Mean and standard deviation over positions of each of the 64 channels of VGG-19's relu1_2, which
 * represent colours, edges and textures. Computed at the images' own resolution.
 */
export function vggExtractor(weights: VggWeights): FeatureExtractor {
  return {
    id: "vgg",
    name: "VGG-19 block 1",
    length: 128,
    extract: (images, shape) =>
      read(images, shape, (x) => {
        const features = vggFeatures(weights, x, "relu1_2"); // [N, R, R, 64]
        const { mean, variance } = tf.moments(features, [1, 2]);
        return tf.concat([mean, tf.sqrt(variance)], 1) as tf.Tensor2D; // both [N, 64]
      }),
    dispose: () => {},
  };
}

/** @param images uint8 [N, R, R, C]; transparent pixels are composited on white */
async function read(
  images: Uint8Array,
  { resolution, channels }: { resolution: number; channels: number },
  features: (images: tf.Tensor4D) => tf.Tensor2D,
): Promise<Float32Array> {
  if (channels === 4) return await read(onWhite(images), { resolution, channels: 3 }, features);
  const count = images.length / (resolution ** 2 * channels);
  const values = Float32Array.from(images, (byte) => byte / 127.5 - 1);
  const rows = tf.tidy(() =>
    features(tf.tensor4d(values, [count, resolution, resolution, channels]))
  );
  try {
    return await rows.data<"float32">();
  } finally {
    rows.dispose();
  }
}
