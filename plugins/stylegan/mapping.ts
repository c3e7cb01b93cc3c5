/** The mapping network f: z to w (Karras et al. 2019, section 2), with a running mean of w. */
import {
  equalizedDense,
  leakyRelu,
  lerp,
  oneHot,
  type Parameters,
  pixelNorm,
  Random,
  seedFor,
  tf,
  zeros,
} from "../../core/mod.ts";
import type { StyleganConfig } from "./config.ts";

/** Maps z to w, and truncates w. */
export interface Mapping {
  /** @returns w [N, latentSize] of z [N, latentSize] and, if conditional, labels int32 [N] */
  apply(z: tf.Tensor2D, labels?: tf.Tensor1D): tf.Tensor2D;
  /** Updates the running mean with the batch's; called inside a recorded step. */
  track(w: tf.Tensor2D): void;
  /**
   * w' = mean + ψ (w − mean), section B of the paper. If conditional, the mean is that of the
   * class, because a point between classes belongs to none of them (Mokady et al. 2022 truncate to
   * clusters for the same reason).
   */
  truncate(w: tf.Tensor2D, psi: number, labels?: tf.Tensor1D): tf.Tensor2D;
}

/** Latents from which the means of classes are estimated, for all classes together … */
const MEAN_LATENTS = 4096;
/** … with this minimum and maximum for each class. */
const LATENTS_A_CLASS = [8, 128] as const;

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

  function apply(z: tf.Tensor2D, labels?: tf.Tensor1D): tf.Tensor2D {
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
  }

  const [least, most] = LATENTS_A_CLASS;
  const count = Math.min(most, Math.max(least, Math.floor(MEAN_LATENTS / labelCount)));
  const rows = labelCount * count;
  let latents: Float32Array | undefined; // for the means of classes, sampled on first use

  /** Means of w over each sample's class [N, latentSize], estimated from fixed latents. */
  function meansOfClasses(labels: tf.Tensor1D): tf.Tensor2D {
    latents ??= new Random(seedFor(0, "stylegan/class-means")).normals(rows * latentSize);
    const classes = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / count));
    const mapped = apply(tf.tensor2d(latents, [rows, latentSize]), tf.tensor1d(classes, "int32"));
    const means = tf.mean<tf.Tensor2D>(tf.reshape(mapped, [labelCount, count, latentSize]), 1);
    return tf.matMul(oneHot(labels, labelCount), means);
  }

  return {
    apply,
    track(w) {
      mean.assign(lerp(mean, tf.mean(w, 0), meanRate));
    },
    truncate(w, psi, labels) {
      if (psi === 1) return w;
      const centre = labels && labelCount > 0 ? meansOfClasses(labels) : mean;
      return tf.add(centre, tf.mul(tf.sub(w, centre), psi));
    },
  };
}
