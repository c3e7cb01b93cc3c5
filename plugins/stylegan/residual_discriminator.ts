/**
 * StyleGAN2's residual discriminator (Karras et al. 2020, "Analyzing and Improving the Image
 * Quality of StyleGAN", section 4.1 and figure 7c), grown additively: the input layers of lower
 * resolutions are kept, and a new block starts at zero.
 */
import {
  downsampleAverage,
  downsampleBinomial,
  equalizedConv2d,
  fromImage,
  leakyRelu,
  type Parameters,
  tf,
  zeros,
} from "../../core/mod.ts";
import { channelsAt, type StyleganConfig } from "./config.ts";
import type { Discriminator } from "./discriminator.ts";
import { scoreHead } from "./score_head.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/**
 * The input layer of a resolution, and the block from its features to the next lower resolution.
 */
interface Level {
  enter: Layer;
  block: Layer;
}

/**
 * A branch of two 3×3 convolutions and a 1×1 skip, both halving the resolution with the filter [1,
 * 3, 3, 1]; their sum is scaled by 1/√2, which is folded into the convolutions' gains. The branch
 * is downsampled before its second convolution rather than after it, which halves its cost.
 * @param isNew whether it starts at zero
 * @returns [N, r, r, channelsAt(r)] → [N, r/2, r/2, channelsAt(r/2)]
 */
function residualBlock(parameters: Parameters, config: StyleganConfig, r: number, isNew: boolean) {
  const inChannels = channelsAt(config, r), outChannels = channelsAt(config, r / 2);
  const first = isNew ? { init: zeros } : {};
  const conv0 = equalizedConv2d(parameters.scope("conv0"), { inChannels, outChannels: inChannels });
  const conv1 = equalizedConv2d(parameters.scope("conv1"), {
    inChannels,
    outChannels,
    gain: 1, // √2 for the activation, times 1/√2 for the sum
    ...first,
  });
  const skip = equalizedConv2d(parameters.scope("skip"), {
    inChannels,
    outChannels,
    kernel: 1,
    gain: Math.SQRT1_2,
    bias: false,
    ...first,
  });
  return (x: tf.Tensor4D): tf.Tensor4D => {
    const branch = leakyRelu(conv1(downsampleBinomial(leakyRelu(conv0(x)))));
    return tf.add(branch, skip(downsampleBinomial(x)));
  };
}

/**
 * Each resolution's input layer reads the image reduced to that resolution, and its output is added
 * to the features from above (input skips).
 * @param labelCount classes to condition on; 0 for none
 */
export function createResidualDiscriminator(
  parameters: Parameters,
  config: StyleganConfig,
  startResolution: number,
  channels: number,
  labelCount: number,
): Discriminator {
  const at = (r: number) => parameters.scope(`${r}px`);
  const inputLayer = (r: number): Layer => {
    const layer = fromImage(at(r).scope("from_image"), {
      imageChannels: channels,
      featureChannels: channelsAt(config, r),
    });
    return (x) => leakyRelu(layer(x));
  };
  const level = (r: number, isNew: boolean): Level => ({
    enter: inputLayer(r),
    block: residualBlock(at(r), config, r, isNew),
  });
  const levels: Level[] = []; // from the newest resolution downwards
  for (let r = startResolution; r > 4; r /= 2) levels.push(level(r, false));
  const enterLast = inputLayer(4);
  const score = scoreHead(at(4), config, labelCount);
  let isFading = false;

  return {
    apply(images, alpha, labels) {
      let small = images, above: tf.Tensor4D | undefined;
      const entered = (enter: Layer) =>
        above ? tf.add<tf.Tensor4D>(enter(small), above) : enter(small);
      for (const [i, { enter, block }] of levels.entries()) {
        const x = block(entered(enter));
        above = isFading && i === 0 ? tf.mul<tf.Tensor4D>(x, alpha) : x;
        small = downsampleAverage(small);
      }
      return score(entered(enterLast), labels);
    },
    grow(next) {
      levels.unshift(level(next, true));
      isFading = true;
    },
    stabilize() {
      isFading = false;
    },
  };
}
