/** The encoder: the generator's view of the partial sketch. */
import { equalizedDense, leakyRelu, type Parameters, tf } from "../../core/mod.ts";
import { encoderChannelsAt, type SketchConfig } from "./config.ts";
import { createDescent } from "./descent.ts";
import { reduceSketches } from "./fade_sketches.ts";

/** An encoded partial sketch, as the generator receives it. */
export interface Encoding {
  /** Features [N, r, r, channels] at 4 px, 8 px … R. */
  features: tf.Tensor4D[];
  /** The generator's style input, besides latent and class: [N, F]. */
  code: tf.Tensor2D;
  /** The whole sketch as a vector [N, codeSize], from which the next part is planned. */
  glance: tf.Tensor2D;
}

/** Encodes partial sketches; grows by one block at a time. */
export interface Encoder {
  /**
   * @param view partial sketches [N, R, R, 1]; with boxes, their crops and boxes [N, R, R, 2]
   * @returns code [N, codeSize]
   */
  apply(view: tf.Tensor4D, alpha: tf.Scalar | number): Pick<Encoding, "features" | "code">;
  grow(resolution: number): void;
  stabilize(): void;
}

/** Built from the same blocks as the critic; keeps the features of every resolution. */
export function createEncoder(
  parameters: Parameters,
  config: SketchConfig,
  startResolution: number,
): Encoder {
  const descent = createDescent(parameters, {
    startResolution,
    imageChannels: config.layout === "boxes" ? 2 : 1,
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
    apply(view, alpha) {
      const features = descent.apply(view, alpha).reverse();
      const lowest = features[0]!; // [N, 4, 4, C]; there is always the input layer's
      const flat = tf.reshape<tf.Rank.R2>(lowest, [lowest.shape[0], -1]);
      return { features, code: leakyRelu(dense(flat)) };
    },
    grow: descent.grow,
    stabilize: descent.stabilize,
  };
}
