/** The last layers of the discriminators: from features at 4 px to a score. */
import {
  equalizedConv2d,
  equalizedDense,
  leakyRelu,
  minibatchStddev,
  oneHot,
  type Parameters,
  tf,
} from "../../core/mod.ts";
import { channelsAt, type StyleganConfig } from "./config.ts";

/**
 * Minibatch standard deviation, a 3×3 convolution, two dense layers (Karras et al. 2018, table 2).
 * @param parameters receives "conv", "dense" and "score"
 * @param labelCount classes to condition on; 0 for none
 * @returns features [N, 4, 4, channelsAt(4)] and, if conditional, labels int32 [N] → scores [N, 1]
 */
export function scoreHead(
  parameters: Parameters,
  config: StyleganConfig,
  labelCount: number,
): (x: tf.Tensor4D, labels?: tf.Tensor1D) => tf.Tensor2D {
  const width = channelsAt(config, 4);
  const convolve = equalizedConv2d(parameters.scope("conv"), {
    inChannels: width + (config.stddevGroup > 0 ? 1 : 0),
    outChannels: width,
  });
  const dense = equalizedDense(parameters.scope("dense"), {
    inFeatures: width * 16,
    outFeatures: width,
  });
  const score = equalizedDense(parameters.scope("score"), {
    inFeatures: width,
    outFeatures: Math.max(1, labelCount),
    gain: 1,
  });
  return (x, labels) => {
    const seen = config.stddevGroup > 0 ? minibatchStddev(x, config.stddevGroup) : x;
    const y = leakyRelu(convolve(seen)); // [N, 4, 4, width]
    const features = leakyRelu(dense(tf.reshape<tf.Rank.R2>(y, [y.shape[0], -1])));
    const scores = score(features);
    if (labelCount === 0) return scores;
    if (!labels) {
      throw new TypeError("Cannot score: expected labels, received none (the run is conditional)");
    }
    // There is one score for each class; the one of the sample's own class counts (as in StyleGAN's
    // D_basic).
    return tf.sum(tf.mul(scores, oneHot(labels, labelCount)), 1, true);
  };
}
