/** The encoder: what the generator knows of the partial sketch. */
import { equalizedDense, leakyRelu, type Parameters, tf } from "../../core/mod.ts";
import { encoderChannelsAt, type SketchConfig } from "./config.ts";
import { createDescent } from "./descent.ts";
import { reduceSketches } from "./fade_sketches.ts";

/** A partial sketch as the generator sees it. */
export interface Encoding {
  /** Features [N, r, r, channels] at 4 px, 8 px … R. */
  features: tf.Tensor4D[];
  /** The whole sketch in a vector, [N, codeSize]. */
  code: tf.Tensor2D;
}

/** Encodes partial sketches; grows by a block at a time. */
export interface Encoder {
  /** @param partial [N, R, R, 1] */
  apply(partial: tf.Tensor4D, alpha: tf.Scalar | number): Encoding;
  grow(resolution: number): void;
  stabilize(): void;
}

/** The critic's kind of blocks, with features kept at every resolution on the way down. */
export function createEncoder(
  parameters: Parameters,
  config: SketchConfig,
  startResolution: number,
): Encoder {
  const descent = createDescent(parameters, {
    startResolution,
    imageChannels: 1,
    channels: (r) => encoderChannelsAt(config, r),
    layers: 1,
    kernel: 3,
    ...(config.skips ? { reduce: reduceSketches } : {}),
  });
  const dense = equalizedDense(parameters.scope("code"), {
    inFeatures: encoderChannelsAt(config, 4) * 16,
    outFeatures: config.codeSize,
  });
  return {
    apply(partial, alpha) {
      const features = descent.apply(partial, alpha).reverse();
      const lowest = features[0]!; // [N, 4, 4, C]; there is always the entrance
      const flat = tf.reshape<tf.Rank.R2>(lowest, [lowest.shape[0], -1]);
      return { features, code: leakyRelu(dense(flat)) };
    },
    grow: descent.grow,
    stabilize: descent.stabilize,
  };
}
