import * as tf from "@tensorflow/tfjs";
import { blur } from "../ops/blur.ts";
import { downsampleKernel, upsampleKernel } from "../ops/resample_kernel.ts";
import {
  type EqualizedConv2dOptions,
  equalizedWeights,
  type ImageLayer,
} from "./equalized_conv2d.ts";
import type { Parameters } from "./parameters.ts";

/** Options of an equalized convolution that changes the resolution; its kernel size is odd. */
export interface ResampleConv2dOptions extends Omit<EqualizedConv2dOptions, "stride" | "padding"> {
  /** Smooths with the binomial filter, after upsampling or before downsampling. Default true. */
  blur?: boolean;
}

/**
 * Doubles the resolution: nearest neighbour, convolution, then blur (Karras et al. 2019, section
 * 2). The first two are computed as one transposed convolution ({@linkcode upsampleKernel}), which
 * is about twice as fast.
 * @param parameters receives "weight" [kernel, kernel, in, out] and "bias" [out]
 * @returns [N, H, W, in] → [N, 2H, 2W, out]
 */
export function upsampleConv2d(
  parameters: Parameters,
  { blur: smooth = true, ...options }: ResampleConv2dOptions,
): ImageLayer {
  expectOddKernel(options);
  const { filter, offset } = equalizedWeights(parameters, options);
  return (x) => {
    const [batch, height, width] = x.shape;
    const shape: [number, number, number, number] = [
      batch,
      2 * height,
      2 * width,
      options.outChannels,
    ];
    const y = offset(tf.conv2dTranspose(x, upsampleKernel(filter()), shape, 2, "same"));
    return smooth ? blur(y) : y;
  };
}

/**
 * Halves the resolution: blur, convolution, then 2×2 averages (Karras et al. 2018, table 2; 2019,
 * section 2). The last two are computed as one strided convolution ({@linkcode downsampleKernel}),
 * which is about twice as fast.
 * @param parameters receives "weight" [kernel, kernel, in, out] and "bias" [out]
 * @returns [N, H, W, in] → [N, H/2, W/2, out]
 */
export function downsampleConv2d(
  parameters: Parameters,
  { blur: smooth = true, ...options }: ResampleConv2dOptions,
): ImageLayer {
  expectOddKernel(options);
  const { filter, offset } = equalizedWeights(parameters, options);
  return (x) => offset(tf.conv2d(smooth ? blur(x) : x, downsampleKernel(filter()), 2, "same"));
}

function expectOddKernel({ kernel = 3 }: ResampleConv2dOptions): void {
  if (kernel % 2 === 1) return;
  throw new RangeError(
    `Cannot make a convolution that changes the resolution: expected an odd kernel, received ` +
      `${kernel}`,
  );
}
