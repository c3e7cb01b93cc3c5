/** What sketches look like while a resolution fades in. */
import { downsampleAverage, lerp, tf, upsampleNearest } from "../../core/mod.ts";
import { lineWidthAt } from "./line_width.ts";

/**
 * Sketches as they were at the resolution before, at alpha 0, and as they are, at alpha 1: reduced,
 * enlarged by repeating pixels, blended. The networks that were trained on the smaller rasters thus
 * go on with what they know: averages of 2×2 px, which their entrances take, give back the very
 * raster that was enlarged.
 * @param sketches [N, R, R, 1] in [-1, 1]; not differentiable
 */
export function fadeSketches(sketches: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D {
  return lerp(upsampleNearest(reduceSketches(sketches)), sketches, alpha);
}

/**
 * Halves the resolution with lines as dark as rasters of that resolution have them: a line is 1 px
 * wide at 4 to 32 px, and averages of 2×2 px would halve its ink.
 * @returns [N, R/2, R/2, 1]
 */
export function reduceSketches(sketches: tf.Tensor4D): tf.Tensor4D {
  const resolution = sketches.shape[1];
  const averaged = lineWidthAt(resolution) / 2, wanted = lineWidthAt(resolution / 2); // px
  return averaged < 0.75 * wanted
    ? tf.maxPool(sketches, 2, 2, "valid")
    : downsampleAverage(sketches);
}
