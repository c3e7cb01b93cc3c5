/** The perceptual distance that projection minimizes. */
import * as tf from "@tensorflow/tfjs";
import {
  createEfficientNet,
  efficientNetMaps,
  efficientNetWeights,
  missingVgg,
  prepareVgg,
  readVgg,
  unitVectors,
  vggFeatures,
  type VggSources,
  vggSources,
} from "../../features/mod.ts";
import { upsampleBilinear } from "../../ops/upsample_bilinear.ts";
import type { Notices } from "../notices.ts";

/** Networks whose features are compared; "none": only pixels. */
export const DISTANCE_FEATURES = ["efficientnet", "vgg", "none"] as const;
/** One of them. */
export type DistanceFeatures = typeof DISTANCE_FEATURES[number];

/** A distance in the features of a frozen network. */
export interface PictureDistance {
  /**
   * Feature maps [N, h, w, c] of images [N, R, R, C], normalized to unit length at each position.
   * Differentiable once.
   */
  features(images: tf.Tensor4D): tf.Tensor4D[];
  dispose(): void;
}

/**
 * Minimum input size of EfficientNet, which halves its input five times, px a side; smaller images
 * are enlarged.
 */
const SMALLEST = 128;

/**
 * Loads the network.
 * @throws Error where its weights are not available, saying how to get them
 */
export async function loadDistance(
  kind: DistanceFeatures,
  notices: Pick<Notices, "progress">,
): Promise<PictureDistance> {
  if (kind === "none") return { features: () => [], dispose: () => {} };
  if (kind === "vgg") {
    const sources: VggSources = {
      ...vggSources(""),
      takesFile: false,
      otherwise: "compare by --features efficientnet",
      progress: (fraction, message) => notices.progress(message, fraction),
    };
    await prepareVgg(sources);
    const weights = readVgg(sources);
    if (!weights) throw missingVgg("none is kept on this machine", sources);
    const features = (images: tf.Tensor4D) => [
      unitVectors(vggFeatures(weights, laidOnWhite(images), "relu1_2")),
    ];
    return { features, dispose: () => {} };
  }
  const net = createEfficientNet(
    await efficientNetWeights({
      onProgress: ({ message, fraction }) => notices.progress(message, fraction),
    }),
  );
  return {
    features(images) {
      const factor = Math.ceil(SMALLEST / images.shape[1]);
      const seen = laidOnWhite(images), large = factor > 1 ? upsampleBilinear(seen, factor) : seen;
      return efficientNetMaps(net, large);
    },
    dispose: () => net.dispose(),
  };
}

/**
 * Composites RGBA images on white, since the networks know only opaque images; returns others
 * unchanged.
 */
export function laidOnWhite(images: tf.Tensor4D): tf.Tensor4D {
  if (images.shape[3] !== 4) return images;
  const [colours, opacity] = tf.split(images, [3, 1], 3) as [tf.Tensor4D, tf.Tensor4D];
  return tf.add(tf.sub(colours, opacity), 1); // (colour + 1) / 2 + 1 - (opacity + 1) / 2, as [-1, 1]
}
