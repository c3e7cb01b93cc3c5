/** Small critics on randomly mixed features of a frozen network. */
import {
  type EfficientNet,
  heNormal,
  leakyRelu,
  normal,
  type Parameters,
  resizeMatrix,
  STAGE_CHANNELS,
  tf,
  upsampleBilinear,
  zeros,
} from "../../core/mod.ts";

/** Channels of the mixed features. */
const MIXED = 48;

/** Channels of a head's layers. */
const WIDTH = 64;

/** Side to which a head reduces its features before it scores each position, px. */
const SCORED_SIDE = 6;

/**
 * Root mean squares of each stage's features on natural images, as measured in the network's test;
 * dividing by them brings the mixed features to about 1.
 */
const STAGE_SCALES = [15, 11.6, 7, 3.4];

/** Scores images at several scales. */
export interface ProjectedCritic {
  /**
   * @param net its weights may be constants of the recorded step
   * @param images [N, R, R, C]
   * @returns a score map [N, h, w, 1] for each stage, the finest first
   */
  apply(net: EfficientNet, images: tf.Tensor4D): tf.Tensor4D[];
}

/**
 * Projected critics (Sauer et al. 2021, "Projected GANs Converge Faster"): the features of four
 * stages are mixed across channels by fixed random 1×1 convolutions and across scales, from the
 * coarsest to the finest, by fixed random 3×3 ones; and a small head scores each of them. The
 * heads' filters are normalized to length 1 (Salimans and Kingma 2016), which bounds them as the
 * paper's spectral normalization does, without power iterations.
 * @param parameters receives "mix" (fixed) and "head"
 * @param side px to which images are resized for the network; a multiple of 32
 */
export function createProjectedCritic(parameters: Parameters, side: number): ProjectedCritic {
  const stages = STAGE_CHANNELS.map((channels, i) => {
    const scope = parameters.scope("mix").scope(`stage${i}`);
    const isCoarsest = i === STAGE_CHANNELS.length - 1;
    return {
      channels: fixedConvolution(scope.scope("channels"), [1, 1, channels, MIXED], 1),
      scales: isCoarsest
        ? undefined
        : fixedConvolution(scope.scope("scales"), [3, 3, MIXED, MIXED], Math.SQRT1_2),
      score: head(parameters.scope("head").scope(`stage${i}`), side / 4 / 2 ** i),
    };
  });
  return {
    apply(net, images) {
      const large = images.shape[1] === side
        ? images
        : resizeMatrix(images, [side, side], "bilinear");
      const features = net.stages(large);
      const scores: tf.Tensor4D[] = [];
      let coarser: tf.Tensor4D | undefined;
      for (let i = stages.length - 1; i >= 0; i--) {
        const { channels, scales, score } = stages[i]!; // in bounds
        const seen = tf.div<tf.Tensor4D>(features[i]!, STAGE_SCALES[i]!); // one for each stage
        const mixed = channels(seen);
        const joined = coarser && scales
          ? scales(tf.add<tf.Tensor4D>(mixed, upsampleBilinear(coarser)))
          : mixed;
        scores.unshift(score(joined));
        coarser = joined;
      }
      return scores;
    },
  };
}

/** A random convolution that is never trained. On average it scales its input by `gain`. */
function fixedConvolution(
  parameters: Parameters,
  shape: [number, number, number, number],
  gain: number,
): (x: tf.Tensor4D) => tf.Tensor4D {
  const weight = parameters.variable("weight", shape, heNormal(gain), { trainable: false });
  return (x) => tf.conv2d(x, weight, 1, "same");
}

/**
 * Convolutions of stride 2 down to `SCORED_SIDE`, one of stride 1, then a score for each position.
 */
function head(parameters: Parameters, side: number): (x: tf.Tensor4D) => tf.Tensor4D {
  const layers: ((x: tf.Tensor4D) => tf.Tensor4D)[] = [];
  let channels = MIXED;
  const add = (stride: number) => {
    const layer = unitConvolution(
      parameters.scope(`conv${layers.length}`),
      [3, 3, channels, WIDTH],
      { stride, gain: Math.SQRT2 },
    );
    layers.push((x) => leakyRelu(layer(x)));
    channels = WIDTH;
  };
  for (let now = side; now > SCORED_SIDE; now = Math.ceil(now / 2)) add(2);
  add(1);
  layers.push(unitConvolution(parameters.scope("score"), [1, 1, channels, 1], {}));
  return (x) => layers.reduce((y, layer) => layer(y), x);
}

/** y = x ∗ (gain · w / ‖w‖) + b, where ‖w‖ is taken for each output channel. */
function unitConvolution(
  parameters: Parameters,
  shape: [number, number, number, number],
  { stride = 1, gain = 1 },
): (x: tf.Tensor4D) => tf.Tensor4D {
  const weight = parameters.variable("weight", shape, normal());
  const bias = parameters.variable("bias", [shape[3]], zeros);
  return (x) => {
    const length = tf.sqrt(tf.add(tf.sum(tf.square(weight), [0, 1, 2], true), 1e-8));
    const filter = tf.mul<tf.Tensor4D>(weight, tf.div(gain, length));
    return tf.add<tf.Tensor4D>(tf.conv2d(x, filter, stride, "same"), bias);
  };
}
