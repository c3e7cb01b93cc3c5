/** How sketches look while a resolution fades in. */
import { downsampleAverage, lerp, tf, upsampleNearest } from "../../core/mod.ts";
import { lineWidthAt } from "./line_width.ts";

/**
 * At alpha 0 the sketches of the previous resolution, enlarged by repeating pixels; at alpha 1 the
 * sketches themselves; between, a blend. At alpha 0 the networks trained on the smaller rasters see
 * what they know, because the 2×2 averages that their input layers take restore exactly the raster
 * that was enlarged.
 * @param sketches [N, R, R, 1] in [-1, 1]; not differentiable
 */
export function fadeSketches(sketches: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D {
  return lerp(upsampleNearest(reduceSketches(sketches)), sketches, alpha);
}

/**
 * Halves the resolution while keeping lines as dark as in rasters of the lower resolution. Lines
 * are 1 px wide from 4 to 32 px, so 2×2 averages would halve their ink.
 * @returns [N, R/2, R/2, 1]
 */
export function reduceSketches(sketches: tf.Tensor4D): tf.Tensor4D {
  const resolution = sketches.shape[1];
  const averaged = lineWidthAt(resolution) / 2, wanted = lineWidthAt(resolution / 2); // px
  return averaged < 0.75 * wanted
    ? tf.maxPool(sketches, 2, 2, "valid")
    : downsampleAverage(sketches);
}
