/** Networks that others trained, as losses and figures look through them. */
import {
  type EfficientNet,
  efficientNetDistance,
  perceptualDistance,
  tf,
  type VggWeights,
} from "../../core/mod.ts";

/** Those that are at hand. */
export interface FrozenNetworks {
  vgg?: VggWeights | undefined;
  efficientNet?: EfficientNet | undefined;
}

/** Distances of ours from the real ones, smaller is nearer; absent without the network. */
export interface FeatureFigures {
  /** Relative, see `perceptualDistance`. */
  relu1_2?: number;
  /** See `efficientNetDistance`. */
  efficientNet?: number;
}

/** @param ours [N, H, W, C] in [-1, 1], likewise `real` */
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
