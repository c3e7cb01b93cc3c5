/**
 * The critic: reduces an image down to 4 px and to a single score (Karras et al. 2018, table 2).
 */
import {
  blur,
  downsampleAverage,
  equalizedConv2d,
  equalizedDense,
  fromImage,
  leakyRelu,
  lerp,
  minibatchStddev,
  type Parameters,
  tf,
} from "../../core/mod.ts";
import { criticChannelsAt, type ProganSrConfig } from "./config.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** Scores images; grows by one block at a time. */
export interface Critic {
  /** @returns scores [N, 1] of images [N, R, R, C] */
  apply(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** Side of the last feature maps, px. */
const LAST = 4;

/**
 * While a resolution fades in, the input of the next lower block is interpolated between the new
 * block's output and the halved image passed through the old input layer. At alpha 0 the score is
 * therefore that of the previous critic.
 * @param channels of the images, 3 or 1
 */
export function createCritic(
  parameters: Parameters,
  config: ProganSrConfig,
  startResolution: number,
  channels: number,
): Critic {
  const at = (resolution: number) => parameters.scope(`${resolution}px`);
  const inputLayer = (resolution: number): Layer => {
    const convolve = fromImage(at(resolution).scope("from_image"), {
      imageChannels: channels,
      featureChannels: criticChannelsAt(config, resolution),
    });
    return (x) => leakyRelu(convolve(x));
  };
  const block = (resolution: number): Layer => {
    const inChannels = criticChannelsAt(config, resolution);
    const convolve = equalizedConv2d(at(resolution).scope("conv"), {
      inChannels,
      outChannels: criticChannelsAt(config, resolution / 2),
    });
    return (x) => downsampleAverage(leakyRelu(convolve(blur(x))));
  };

  const blocks: Layer[] = []; // from the newest resolution downwards
  for (let r = startResolution; r > LAST; r /= 2) blocks.push(block(r));
  let enter = inputLayer(startResolution);
  let fading: { resolution: number; enter: Layer } | undefined;
  let resolution = startResolution;
  const width = criticChannelsAt(config, LAST), last = at(LAST);
  const convolve = equalizedConv2d(last.scope("conv"), {
    inChannels: width + (config.stddevGroup > 0 ? 1 : 0),
    outChannels: width,
  });
  const dense = equalizedDense(last.scope("dense"), {
    inFeatures: width * LAST * LAST,
    outFeatures: width,
  });
  const score = equalizedDense(last.scope("score"), { inFeatures: width, outFeatures: 1, gain: 1 });

  return {
    apply(images, alpha) {
      let x = enter(images);
      blocks.forEach((layer, i) => {
        x = layer(x);
        if (i === 0 && fading) x = lerp(fading.enter(downsampleAverage(images)), x, alpha);
      });
      if (config.stddevGroup > 0) x = minibatchStddev(x, config.stddevGroup);
      x = leakyRelu(convolve(x));
      return score(leakyRelu(dense(tf.reshape<tf.Rank.R2>(x, [x.shape[0], -1]))));
    },
    grow(next) {
      fading = { resolution, enter };
      blocks.unshift(block(next));
      enter = inputLayer(next);
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      at(fading.resolution).scope("from_image").remove();
      fading = undefined;
    },
  };
}
