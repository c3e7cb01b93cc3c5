/** The sketch model: P(part | partial sketch). */
import {
  createParameters,
  equalizedDense,
  type Model,
  oneHot,
  randomNormal,
  type StepContext,
  tf,
} from "../../core/mod.ts";
import { beginsBlank, type SketchConfig } from "./config.ts";
import { createCritic } from "./critic.ts";
import { createEncoder, type Encoding } from "./encoder.ts";
import { boxCoordinates, type BoxMixture, COORDINATES } from "./layout/box_mixture.ts";
import { shownBox } from "./layout/box_view.ts";
import { createBoxHead, createEndHead, createGlance } from "./layout/planner.ts";
import { createSynthesis } from "./synthesis.ts";

/** The inputs of a drawn part. */
export interface DrawOptions {
  /** Latents [N, latentSize]; sampled if the run has latents and none are given. */
  z?: tf.Tensor2D;
  /** Classes of the requested parts, int32 [N], if the run has classes. */
  labels?: tf.Tensor1D;
  alpha: tf.Scalar | number;
}

/** With boxes: the place of a part. */
export interface Place {
  /** Centre x and y, width and height, [N, 4]. */
  box: tf.Tensor2D;
  /** Codes of the whole partial sketches, see {@linkcode SketchModel.glance}. */
  glance: tf.Tensor2D;
}

/** A conditional StyleGAN of sketches. */
export interface SketchModel extends Model {
  /** Names of the part classes that the run is conditioned on; may be empty. */
  readonly classes: readonly string[];
  /** Whether a part's box is predicted first, and the part is then drawn in it. */
  readonly hasBoxes: boolean;
  /** Whether the run was trained to start from blank paper and to predict the end of drawings. */
  readonly beginsBlank: boolean;
  /** Length of the codes of {@linkcode glance}. */
  readonly codeSize: number;
  /** With boxes: codes [N, codeSize] of whole partial sketches [N, 32, 32, 1]. */
  glance(whole: tf.Tensor4D): tf.Tensor2D;
  /** Encodes partial sketches [N, R, R, 1]; with boxes, crops to the frames of `place.box`. */
  encode(partial: tf.Tensor4D, alpha: tf.Scalar | number, place?: Place): Encoding;
  /** Draws parts [N, R, R, 1] for encoded partial sketches; only inside a step or `withSeed()`. */
  drawParts(encoding: Encoding, options: DrawOptions): tf.Tensor4D;
  /** Logits [N, classes] of which part comes next. */
  nextPart(sketch: Pick<Encoding, "glance">): tf.Tensor2D;
  /** With boxes: the density of the next part's box, given its class if there are classes. */
  nextBox(sketch: Pick<Encoding, "glance">, labels?: tf.Tensor1D): BoxMixture;
  /**
   * If the run starts from blank paper: logits [N, 1] of whether the drawing ends with the next
   * part.
   */
  endsWith(sketch: Pick<Encoding, "glance">, labels?: tf.Tensor1D): tf.Tensor2D;
  /** Scores [N, 1] of a `criticView()`. */
  score(view: tf.Tensor4D, step: StepContext<"sketches">): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on, besides the options. */
export interface SketchShape {
  seed: number;
  startResolution: number;
  /** Part classes to condition on; may be empty. */
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
      gain: Math.sqrt(classes.length), // for a one-hot input
    })
    : undefined;
  const selector = classes.length > 0
    ? equalizedDense(generator.scope("next_part"), {
      inFeatures: config.codeSize,
      outFeatures: classes.length,
      gain: 1,
    })
    : undefined;
  const hasBoxes = config.layout === "boxes", isFromBlank = beginsBlank(config);
  const plan = generator.scope("plan");
  const glance = hasBoxes ? createGlance(plan.scope("glance"), config) : undefined;
  const boxHead = hasBoxes ? createBoxHead(plan.scope("box"), config, classes.length) : undefined;
  const endHead = isFromBlank
    ? createEndHead(plan.scope("end"), config, classes.length)
    : undefined;
  const placeSize = hasBoxes ? config.codeSize + COORDINATES : 0;
  const styleSize = config.codeSize + placeSize + (config.latent ? config.latentSize : 0) +
    (embed ? CLASS_FEATURES : 0);
  const synthesis = createSynthesis(
    generator.scope("synthesis"),
    config,
    startResolution,
    styleSize,
  );
  const critic = createCritic(discriminator, config, startResolution, classes.length);
  // encoder features below the first block, which synthesis does not use
  const skipped = Math.log2(startResolution) - 2;

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
    hasBoxes,
    beginsBlank: isFromBlank,
    codeSize: config.codeSize,
    glance(whole) {
      if (!glance) throw withoutBoxes("glance at a sketch");
      return glance.apply(whole);
    },
    encode(partial, alpha, place) {
      if (!hasBoxes) {
        const encoding = encoder.apply(partial, alpha);
        return { ...encoding, glance: encoding.code };
      }
      if (!place) throw new TypeError("Cannot encode a crop: expected its box, received none");
      const view = tf.concat([partial, shownBox(place.box, partial.shape[1], alpha)], 3);
      const { features, code } = encoder.apply(view, alpha);
      const styles = [code, place.glance, boxCoordinates(place.box)];
      return { features, code: tf.concat(styles, 1), glance: place.glance };
    },
    drawParts,
    nextPart({ glance }) {
      if (!selector) {
        throw new TypeError("Cannot predict the next part: expected a run with part classes");
      }
      return selector(glance);
    },
    nextBox({ glance }, labels) {
      if (!boxHead) throw withoutBoxes("predict a box");
      return boxHead(glance, labels);
    },
    endsWith({ glance }, labels) {
      if (!endHead) {
        throw new TypeError(
          "Cannot tell where a sketch ends: expected a run that begins on blank paper",
        );
      }
      return endHead(glance, labels);
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

function withoutBoxes(action: string): TypeError {
  return new TypeError(`Cannot ${action}: expected a run with boxes. Train with --layout boxes`);
}
