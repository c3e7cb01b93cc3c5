/** The sketch networks together: P(part | partial sketch). */
import {
  createParameters,
  equalizedDense,
  type Model,
  oneHot,
  randomNormal,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import type { SketchConfig } from "./config.ts";
import { createCritic } from "./critic.ts";
import { createEncoder, type Encoding } from "./encoder.ts";
import { createSynthesis } from "./synthesis.ts";

/** What parts are drawn from. */
export interface DrawOptions {
  /** Latents [N, latentSize]; drawn where a run has latents and none are given. */
  z?: tf.Tensor2D;
  /** Classes of the wished parts, int32 [N], where the run has classes. */
  labels?: tf.Tensor1D;
  alpha: tf.Scalar | number;
}

/** A conditional StyleGAN of sketches that can be trained. */
export interface SketchModel extends Model {
  /** Names of the part classes that the run is conditioned on; empty: none. */
  readonly classes: readonly string[];
  /** Encodes partial sketches [N, R, R, 1]. */
  encode(partial: tf.Tensor4D, alpha: tf.Scalar | number): Encoding;
  /** Parts [N, R, R, 1] for encoded partial sketches; inside a step or `withSeed()`. */
  drawParts(encoding: Encoding, options: DrawOptions): tf.Tensor4D;
  /** Logits [N, classes] of which part comes next. */
  nextPart(encoding: Encoding): tf.Tensor2D;
  /** Scores [N, 1] of `criticView()`. */
  score(view: tf.Tensor4D, step: StepContext<"sketches">): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on besides the options. */
export interface SketchShape {
  seed: number;
  startResolution: number;
  /** Part classes to condition on; empty: none. */
  classes: readonly string[];
}

/** Length of a class's embedding. */
const CLASS_FEATURES = 16;

/** Builds the networks at the first resolution. */
export function createSketchModel(config: SketchConfig, shape: SketchShape): SketchModel {
  const { seed, startResolution, classes } = shape;
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const encoder = createEncoder(generator.scope("encoder"), config, startResolution);
  const embed = classes.length > 0
    ? equalizedDense(generator.scope("class"), {
      inFeatures: classes.length,
      outFeatures: CLASS_FEATURES,
      gain: Math.sqrt(classes.length), // one input is 1, the others 0
    })
    : undefined;
  const selector = classes.length > 0
    ? equalizedDense(generator.scope("next_part"), {
      inFeatures: config.codeSize,
      outFeatures: classes.length,
      gain: 1,
    })
    : undefined;
  const styleSize = config.codeSize + (config.latent ? config.latentSize : 0) +
    (embed ? CLASS_FEATURES : 0);
  const synthesis = createSynthesis(
    generator.scope("synthesis"),
    config,
    startResolution,
    styleSize,
  );
  const critic = createCritic(discriminator, config, startResolution, classes.length);
  const skipped = Math.log2(startResolution) - 2; // encoder features below the first block

  function drawParts({ features, code }: Encoding, options: DrawOptions): tf.Tensor4D {
    const { z, labels, alpha } = options, count = code.shape[0];
    const styles: tf.Tensor2D[] = [code];
    if (config.latent) {
      styles.push(z ?? randomNormal([count, config.latentSize]));
    }
    if (embed) {
      if (!labels) {
        throw new TypeError(
          "Cannot draw parts: expected the class of each, received none (the run is conditional)",
        );
      }
      styles.push(embed(oneHot(labels, classes.length)));
    }
    return synthesis.apply(features.slice(skipped), tf.concat(styles, 1), alpha);
  }
  return {
    generator,
    discriminator,
    classes,
    ...(config.latent ? { latentSize: config.latentSize } : {}),
    encode: encoder.apply,
    drawParts,
    nextPart({ code }) {
      if (!selector) {
        throw new TypeError("Cannot predict the next part: expected a run with part classes");
      }
      return selector(code);
    },
    score: (view, step) => critic.apply(view, step.alpha, step.tensors.labels),
    grow(resolution) {
      encoder.grow(resolution);
      synthesis.grow(resolution);
      critic.grow(resolution);
    },
    stabilize() {
      encoder.stabilize();
      synthesis.stabilize();
      critic.stabilize();
    },
  };
}
