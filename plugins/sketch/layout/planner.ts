/**
 * Plans the next part from a glance at the whole sketch: its class, its box, and whether it is the
 * last.
 */
import {
  equalizedDense,
  leakyRelu,
  oneHot,
  type Parameters,
  tf,
  type VectorLayer,
} from "../../../core/mod.ts";
import type { SketchConfig } from "../config.ts";
import { createDescent } from "../descent.ts";
import { type BoxMixture, boxMixture, mixtureSize } from "./box_mixture.ts";

/** Side of the sketch that the planner sees, px: that of `whole` in the data. */
export const GLANCE_SIDE = 32;
/** Hidden features of the planner's heads. */
const HIDDEN = 64;

/** Encodes the whole sketch at a fixed size, so that places are learned from the first step on. */
export interface Glance {
  /** @returns the code [N, codeSize] of sketches [N, 32, 32, 1] */
  apply(whole: tf.Tensor4D): tf.Tensor2D;
}

/** @param parameters receives the layers "32px" … "8px" and "code" */
export function createGlance(parameters: Parameters, config: SketchConfig): Glance {
  const channels = (r: number) => Math.max(4, Math.min(config.encoderChannels, 512 / r));
  const descent = createDescent(parameters, {
    startResolution: GLANCE_SIDE,
    imageChannels: 1,
    channels,
    layers: 1,
    kernel: 3,
  });
  const dense = equalizedDense(parameters.scope("code"), {
    inFeatures: channels(4) * 16,
    outFeatures: config.codeSize,
  });
  return {
    apply(whole) {
      const lowest = descent.apply(whole, 1).at(-1)!; // at 4 px
      return leakyRelu(dense(tf.reshape<tf.Rank.R2>(lowest, [lowest.shape[0], -1])));
    },
  };
}

/** Two dense layers on a sketch's code and, if there are classes, the next part's class. */
export type Head = (code: tf.Tensor2D, labels?: tf.Tensor1D) => tf.Tensor2D;

/** @param parameters receives "hidden" and "out" */
function createHead(
  parameters: Parameters,
  { codeSize, classes, outFeatures }: { codeSize: number; classes: number; outFeatures: number },
): Head {
  const layer = (name: string, inFeatures: number, outFeatures: number, gain?: number) =>
    equalizedDense(parameters.scope(name), {
      inFeatures,
      outFeatures,
      ...(gain === undefined ? {} : { gain }),
    });
  const ofCode = layer("hidden", codeSize, HIDDEN);
  const ofClass: VectorLayer | undefined = classes > 0
    ? equalizedDense(parameters.scope("class"), {
      inFeatures: classes,
      outFeatures: HIDDEN,
      gain: Math.sqrt(classes), // for a one-hot input
      bias: false,
    })
    : undefined;
  const out = layer("out", HIDDEN, outFeatures, 1);
  return (code, labels) => {
    const hidden = ofCode(code);
    if (!ofClass) return out(leakyRelu(hidden));
    if (!labels) {
      throw new TypeError(
        "Cannot plan a part: expected its class, received none (the run is conditional)",
      );
    }
    return out(leakyRelu(tf.add<tf.Tensor2D>(hidden, ofClass(oneHot(labels, classes)))));
  };
}

/**
 * Predicts the mixture density of the next part's box from the sketch's code and the part's class.
 */
export function createBoxHead(
  parameters: Parameters,
  config: SketchConfig,
  classes: number,
): (code: tf.Tensor2D, labels?: tf.Tensor1D) => BoxMixture {
  const { codeSize, boxComponents } = config;
  const head = createHead(parameters, {
    codeSize,
    classes,
    outFeatures: mixtureSize(boxComponents),
  });
  return (code, labels) => boxMixture(head(code, labels), boxComponents);
}

/** Logits [N, 1] of whether the drawing ends with the next part. */
export function createEndHead(
  parameters: Parameters,
  { codeSize }: SketchConfig,
  classes: number,
): Head {
  return createHead(parameters, { codeSize, classes, outFeatures: 1 });
}
