/** The critic: scores a partial sketch together with a part. */
import {
  downsampleAverage,
  equalizedDense,
  leakyRelu,
  minibatchStddev,
  type Parameters,
  tf,
} from "../../core/mod.ts";
import { criticChannelsAt, type SketchConfig } from "./config.ts";
import { convNetwork } from "./conv_network.ts";
import { createDescent } from "./descent.ts";

/** Scores the output of `criticView()`; grows by one block at a time. */
export interface Critic {
  /** @returns scores [N, 1] of views [N, R, R, C] and, if there are classes, labels int32 [N] */
  apply(view: tf.Tensor4D, alpha: tf.Scalar | number, labels?: tf.Tensor1D): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/**
 * Blocks of average pooling and 3×3 convolutions down to 4 px, then a convolutional network and
 * dense layers.
 * @param labelCount classes of parts; 0 for none
 */
export function createCritic(
  parameters: Parameters,
  config: SketchConfig,
  startResolution: number,
  labelCount: number,
): Critic {
  const rate = config.criticRate, layers = config.criticLayers;
  const channels = (r: number) => criticChannelsAt(config, r);
  const descent = createDescent(parameters, {
    startResolution,
    imageChannels: (config.criticSees === "pair" ? 2 : 1) + (config.layout === "boxes" ? 1 : 0),
    channels,
    layers,
    kernel: config.criticEnter,
    rate,
    ...(config.skips ? { reduce: downsampleAverage } : {}),
  });
  const width = channels(4), last = parameters.scope("last");
  const network = convNetwork(last, {
    inChannels: width + (config.stddevGroup > 0 ? 1 : 0),
    outChannels: width,
    layers,
    rate,
  });
  const flat = width * 16, hidden = config.criticDenseLayers - 1;
  const dense = Array.from(
    { length: hidden },
    (_, i) =>
      equalizedDense(last.scope(i === 0 ? "dense" : "dense" + i), {
        inFeatures: i === 0 ? flat : config.criticDense,
        outFeatures: config.criticDense,
        learningRateMultiplier: rate,
      }),
  );
  const score = equalizedDense(last.scope("score"), {
    inFeatures: hidden === 0 ? flat : config.criticDense,
    outFeatures: Math.max(1, labelCount),
    gain: 1,
    learningRateMultiplier: rate,
  });
  return {
    apply(view, alpha, labels) {
      let x = descent.apply(view, alpha).at(-1)!; // at 4 px; there is always the input layer's
      if (config.stddevGroup > 0) x = minibatchStddev(x, config.stddevGroup);
      x = leakyRelu(network(x)); // [N, 4, 4, width]
      const features = dense.reduce(
        (y, layer) => leakyRelu(layer(y)),
        tf.reshape<tf.Rank.R2>(x, [x.shape[0], -1]),
      );
      const scores = score(features);
      if (labelCount === 0) return scores;
      if (!labels) {
        throw new TypeError(
          "Cannot score: expected the parts' classes, received none (the run is conditional). " +
            "Train with --no-labels, or on data whose every part has a class",
        );
      }
      // There is one score for each class; the one of the sample's own class counts.
      return tf.sum(tf.mul(scores, tf.oneHot(labels, labelCount).toFloat()), 1, true);
    },
    grow: descent.grow,
    stabilize: descent.stabilize,
  };
}
