/** A generator that computes at the input's size and makes pixels from channels at its end. */
import {
  heNormal,
  type Initializer,
  leakyRelu,
  type Parameters,
  tf,
  zeros,
} from "../../core/mod.ts";
import type { ProganSrConfig } from "./config.ts";
import type { Generator } from "./generator.ts";
import { BICUBIC_REACH, enlarge } from "./pairs.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/**
 * Output = bicubic(low) + shuffle(tail(x + blocks(x))), x = head(low), after EDSR (Lim et al. 2017,
 * figure 3) without its enlarging layers: `tail` outputs scale² values a channel, which become
 * pixels (Shi et al. 2016, equation 4). A block is a residual of two 3×3 convolutions around a
 * leaky ReLU, the second of which is initialized to 0, as in NinaSR. Each resolution adds `blocks`
 * of them: at first a new block changes nothing, and its output is scaled by alpha while it fades
 * in. All layers work at the input's size, so they cost scale² times less than at the output's.
 * @param channels of the images, 3 or 1
 */
export function createShuffleGenerator(
  parameters: Parameters,
  config: Pick<ProganSrConfig, "channels" | "blocks" | "scale">,
  startResolution: number,
  channels: number,
): Generator {
  const { channels: width, blocks: added, scale } = config;
  const blocksOf = (resolution: number): Layer[] =>
    Array.from({ length: added }, (_, i) => {
      const scope = parameters.scope(`${resolution}px`).scope(`block${i}`);
      const first = convolution(scope.scope("conv0"), width, width, heNormal());
      const second = convolution(scope.scope("conv1"), width, width, zeros);
      return (x) => second(leakyRelu(first(x)));
    });
  const head = convolution(parameters.scope("head"), channels, width, heNormal(1));
  const tail = convolution(parameters.scope("tail"), width, channels * scale ** 2, zeros);
  const grown = blocksOf(startResolution);
  let newest: Layer[] = [];

  return {
    apply(low, alpha) {
      const x = head(low);
      let y = grown.reduce((y, block) => tf.add<tf.Tensor4D>(y, block(y)), x);
      for (const block of newest) y = tf.add(y, tf.mul(block(y), alpha));
      const residual = shuffled(tail(tf.add(x, y)), scale);
      return tf.add<tf.Tensor4D>(enlarge(low, scale), residual);
    },
    reach: () => Math.max(BICUBIC_REACH, 2 + 2 * (grown.length + newest.length)),
    grow(resolution) {
      grown.push(...newest);
      newest = blocksOf(resolution);
    },
    stabilize() {
      grown.push(...newest);
      newest = [];
    },
  };
}

function convolution(
  scope: Parameters,
  inChannels: number,
  outChannels: number,
  init: Initializer,
): Layer {
  const weight = scope.variable("weight", [3, 3, inChannels, outChannels], init);
  const bias = scope.variable("bias", [outChannels], zeros);
  return (x) => tf.add<tf.Tensor4D>(tf.conv2d(x, weight, 1, "same"), bias);
}

/**
 * [N, H, W, scale² · C] → [N, scale · H, scale · W, C]; channels are ordered as rows, columns,
 * colours.
 */
function shuffled(x: tf.Tensor4D, scale: number): tf.Tensor4D {
  const [batch, height, width, depth] = x.shape, channels = depth / scale ** 2;
  const apart = tf.reshape(x, [batch, height, width, scale, scale, channels]);
  return tf.reshape<tf.Rank.R4>(tf.transpose(apart, [0, 1, 3, 2, 4, 5]), [
    batch,
    height * scale,
    width * scale,
    channels,
  ]);
}
