/**
 * From an image down to 4 px, by blocks of average pooling and 3×3 convolutions; grows at the top.
 * Both the critic and the encoder of the partial sketch are built from it.
 */
import {
  downsampleAverage,
  equalizedConv2d,
  leakyRelu,
  lerp,
  type Parameters,
  tf,
} from "../../core/mod.ts";
import { convNetwork } from "./conv_network.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** Computes features of an image at every resolution, the newest first. */
export interface Descent {
  /**
   * @param image [N, R, R, C]
   * @returns features [N, r, r, channels(r)] for r = R, R/2 … 4
   */
  apply(image: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D[];
  grow(resolution: number): void;
  /** Removes the input layer of the previous resolution, unless input layers are kept. */
  stabilize(): void;
}

/** Sizes of a descent. */
export interface DescentOptions {
  startResolution: number; // px a side
  imageChannels: number;
  channels(resolution: number): number;
  layers: number; // 3×3 convolutions in a block
  kernel: number; // of the input layer, px a side
  rate?: number;
  /**
   * Halves an image. If it is given, the input layers of lower resolutions are kept and read the
   * image reduced by it, and a new block adds to their output (like the input skips of Karras et
   * al. 2020, "Analyzing and Improving", section 4.1). Otherwise the new block replaces the
   * previous input layer.
   */
  reduce?: (image: tf.Tensor4D) => tf.Tensor4D;
}

/** @param parameters receives "<r>px/enter" and "<r>px/conv0" … */
export function createDescent(parameters: Parameters, options: DescentOptions): Descent {
  const { imageChannels, channels, layers, kernel, rate = 1, reduce } = options;
  const at = (r: number) => parameters.scope(`${r}px`);
  const inputLayer = (r: number): Layer => {
    const convolve = equalizedConv2d(at(r).scope("enter"), {
      inChannels: imageChannels,
      outChannels: channels(r),
      kernel,
      learningRateMultiplier: rate,
    });
    return (x) => leakyRelu(convolve(x));
  };
  /** From `r` to `r / 2`: 2×2 average pooling, then the convolutions. */
  const block = (r: number): Layer => {
    const network = convNetwork(at(r), {
      inChannels: channels(r),
      outChannels: channels(r / 2),
      layers,
      rate,
    });
    return (x) => leakyRelu(network(downsampleAverage(x)));
  };

  const blocks: Layer[] = []; // from the newest resolution downwards
  for (let r = options.startResolution; r > 4; r /= 2) blocks.push(block(r));
  // likewise; just one if there is no `reduce` and no fade
  const enters = [inputLayer(options.startResolution)];
  let resolution = options.startResolution;
  let fading = false;

  return {
    apply(image, alpha) {
      const features = [enters[0]!(image)]; // there is always one
      let view = image;
      blocks.forEach((layer, i) => {
        const x = layer(features[i]!); // each layer adds one
        const newest = i === 0 && fading, enter = enters[i + 1];
        if (!enter) features.push(x);
        else if (reduce) {
          view = reduce(view);
          features.push(tf.add(enter(view), newest ? tf.mul<tf.Tensor4D>(x, alpha) : x));
        } else features.push(lerp(enter(downsampleAverage(image)), x, alpha));
      });
      return features;
    },
    grow(next) {
      fading = true;
      blocks.unshift(block(next));
      enters.unshift(inputLayer(next));
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      fading = false;
      if (reduce) return;
      at(resolution / 2).scope("enter").remove();
      enters.pop();
    },
  };
}
