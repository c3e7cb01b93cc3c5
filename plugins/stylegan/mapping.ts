/** The mapping network f: z to w (Karras et al. 2019, section 2), with a running mean of w. */
import {
  equalizedDense,
  leakyRelu,
  lerp,
  oneHot,
  type Parameters,
  pixelNorm,
  tf,
  zeros,
} from "../../core/mod.ts";
import type { StyleganConfig } from "./config.ts";

/** z to w, and what truncation needs. */
export interface Mapping {
  /** @returns w [N, latentSize] of z [N, latentSize] and, where conditional, labels int32 [N] */
  apply(z: tf.Tensor2D, labels?: tf.Tensor1D): tf.Tensor2D;
  /** Moves the mean towards the batch's; tensor code of a step. */
  track(w: tf.Tensor2D): void;
  /** w' = mean + ψ (w - mean), section B of the paper. */
  truncate(w: tf.Tensor2D, psi: number): tf.Tensor2D;
}

/** @param labelCount classes to condition on; 0 for none */
export function createMapping(
  parameters: Parameters,
  config: StyleganConfig,
  labelCount: number,
): Mapping {
  const { latentSize, mappingLayers, mappingRate, meanRate } = config;
  const embed = labelCount > 0
    ? equalizedDense(parameters.scope("embed"), {
      inFeatures: labelCount,
      outFeatures: latentSize,
      gain: 1,
    })
    : undefined;
  const layers = Array.from(
    { length: mappingLayers },
    (_, i) =>
      equalizedDense(parameters.scope("dense" + i), {
        inFeatures: i === 0 && embed ? 2 * latentSize : latentSize,
        outFeatures: latentSize,
        learningRateMultiplier: mappingRate,
      }),
  );
  const mean = parameters.variable("mean", [latentSize], zeros, { trainable: false });
  return {
    apply(z, labels) {
      let w = pixelNorm(z);
      if (embed) {
        if (!labels) {
          throw new TypeError(
            "Cannot map z: expected labels, received none (the run is conditional)",
          );
        }
        w = tf.concat([w, pixelNorm(embed(oneHot(labels, labelCount)))], 1);
      }
      for (const layer of layers) w = leakyRelu(layer(w));
      return w;
    },
    track(w) {
      mean.assign(lerp(mean, tf.mean(w, 0), meanRate));
    },
    truncate: (w, psi) => psi === 1 ? w : tf.add(mean, tf.mul(tf.sub(w, mean), psi)),
  };
}
