import { equalizedConv2d, type ImageLayer } from "./equalized_conv2d.ts";
import type { Initializer } from "./initializers.ts";
import type { Parameters } from "./parameters.ts";

/** Options of {@linkcode toImage} and {@linkcode fromImage}. */
export interface ImageChannelsOptions {
  featureChannels: number;
  /** 1 for greyscale, 3 for RGB, 4 for RGBA. */
  imageChannels: number;
  /** Initial weights, default N(0, 1); `zeros` for a layer whose output is added to an image. */
  init?: Initializer;
}

/**
 * Maps features to an image, pixel by pixel: a 1×1 equalized convolution of gain 1 (Karras et al.
 * 2018, "toRGB").
 * @returns [N, H, W, featureChannels] → [N, H, W, imageChannels]
 */
export function toImage(parameters: Parameters, options: ImageChannelsOptions): ImageLayer {
  return equalizedConv2d(parameters, {
    inChannels: options.featureChannels,
    outChannels: options.imageChannels,
    kernel: 1,
    gain: 1,
    ...(options.init ? { init: options.init } : {}),
  });
}

/**
 * Maps an image to features, pixel by pixel: a 1×1 equalized convolution (Karras et al. 2018,
 * "fromRGB").
 * @returns [N, H, W, imageChannels] → [N, H, W, featureChannels]
 */
export function fromImage(parameters: Parameters, options: ImageChannelsOptions): ImageLayer {
  return equalizedConv2d(parameters, {
    inChannels: options.imageChannels,
    outChannels: options.featureChannels,
    kernel: 1,
    ...(options.init ? { init: options.init } : {}),
  });
}
