/** What comes next, by a glance at the sketch: the part's class, its box, and whether it ends it. */
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

/** Side of the sketch that is glanced at, px: that of the data's `whole`. */
export const GLANCE_SIDE = 32;
/** Features between two dense layers. */
const HIDDEN = 64;

/** Sees the sketch uncropped, at a size that doesn't grow: places are learned from the first step. */
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

/** Two dense layers on a sketch's code and, where there are classes, the class of what comes. */
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
      gain: Math.sqrt(classes), // one input is 1, the others 0
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

/** The mixture of the next part's box, by the sketch's code and the part's class. */
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
