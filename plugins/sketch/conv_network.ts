import { equalizedConv2d, leakyRelu, type Parameters, type tf } from "../../core/mod.ts";

/** Sizes of a network of 3×3 convolutions. */
export interface ConvNetworkOptions {
  inChannels: number;
  outChannels: number;
  layers: number; // 1 or 2
  /** Relative learning rate, default 1. */
  rate?: number;
}

/**
 * One or two 3×3 convolutions with a leaky ReLU between them, and none after the last.
 * @param parameters receives "conv0", "conv1"
 * @returns [N, H, W, in] → [N, H, W, out]
 */
export function convNetwork(
  parameters: Parameters,
  { inChannels, outChannels, layers, rate = 1 }: ConvNetworkOptions,
): (x: tf.Tensor4D) => tf.Tensor4D {
  const convolutions = Array.from(
    { length: layers },
    (_, i) =>
      equalizedConv2d(parameters.scope("conv" + i), {
        inChannels: i === 0 ? inChannels : outChannels,
        outChannels,
        learningRateMultiplier: rate,
      }),
  );
  return (x) => convolutions.reduce((y, conv, i) => conv(i === 0 ? y : leakyRelu(y)), x);
}
