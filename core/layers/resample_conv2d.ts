import { blur } from "../ops/blur.ts";
import { downsampleAverage } from "../ops/downsample_average.ts";
import { upsampleNearest } from "../ops/upsample_nearest.ts";
import {
  equalizedConv2d,
  type EqualizedConv2dOptions,
  type ImageLayer,
} from "./equalized_conv2d.ts";
import type { Parameters } from "./parameters.ts";

/** An equalized convolution that changes the resolution. */
export interface ResampleConv2dOptions extends Omit<EqualizedConv2dOptions, "stride" | "padding"> {
  /** Smooth with the binomial filter, after enlarging or before reducing. Default true. */
  blur?: boolean;
}

/**
 * Doubles the resolution: nearest neighbour, convolution, then blur (Karras et al. 2019, section
 * 2).
 * @returns [N, H, W, in] → [N, 2H, 2W, out]
 */
export function upsampleConv2d(
  parameters: Parameters,
  { blur: smooth = true, ...options }: ResampleConv2dOptions,
): ImageLayer {
  const conv = equalizedConv2d(parameters, options);
  return (x) => {
    const y = conv(upsampleNearest(x));
    return smooth ? blur(y) : y;
  };
}

/**
 * Halves the resolution: blur, convolution, then 2×2 averages (Karras et al. 2018, table 2; 2019,
 * section 2).
 * @returns [N, H, W, in] → [N, H/2, W/2, out]
 */
export function downsampleConv2d(
  parameters: Parameters,
  { blur: smooth = true, ...options }: ResampleConv2dOptions,
): ImageLayer {
  const conv = equalizedConv2d(parameters, options);
  return (x) => downsampleAverage(conv(smooth ? blur(x) : x));
}
