/** Pretrained networks whose features losses and metrics compare. */
import {
  type EfficientNet,
  efficientNetDistance,
  perceptualDistance,
  tf,
  type VggWeights,
} from "../../core/mod.ts";

/** The networks that are available. */
export interface FrozenNetworks {
  vgg?: VggWeights | undefined;
  efficientNet?: EfficientNet | undefined;
}

/**
 * Feature distances between ours and real images, smaller is closer; absent without the network.
 */
export interface FeatureFigures {
  /** Relative distance, see `perceptualDistance`. */
  relu1_2?: number;
  /** See `efficientNetDistance`. */
  efficientNet?: number;
}

/** @param ours [N, H, W, C] in [-1, 1], as is `real` */
export function featureFigures(
  { vgg, efficientNet }: FrozenNetworks,
  ours: tf.Tensor4D,
  real: tf.Tensor4D,
): FeatureFigures {
  const valueOf = (make: () => tf.Scalar) => tf.tidy(() => make().dataSync()[0]!); // a scalar
  return {
    ...(vgg ? { relu1_2: valueOf(() => perceptualDistance(vgg, ours, real, "relu1_2")) } : {}),
    ...(efficientNet
      ? { efficientNet: valueOf(() => efficientNetDistance(efficientNet, ours, real)) }
      : {}),
  };
}
