/**
 * StyleGAN2's synthesis network with output skips (Karras et al. 2020, "Analyzing and Improving the
 * Image Quality of StyleGAN", figures 2d and 7b), grown additively: every image layer is kept, and
 * a new one starts at zero.
 */
import {
  clampInward,
  constantInput,
  equalizedConv2d,
  leakyRelu,
  modulatedConv2d,
  type Parameters,
  tf,
  upsampleBilinear,
  zeros,
} from "../../core/mod.ts";
import { channelsAt, PAIR_RESOLUTION, type StyleganConfig } from "./config.ts";
import { noiseLayer, styleWeightsIn, type Synthesis } from "./synthesis.ts";

type Layer = (x: tf.Tensor4D, w: tf.Tensor2D) => tf.Tensor4D;

/** The layers of a resolution. */
interface Block {
  /** Reads the picture of the lower resolution, if the block takes no features from below. */
  entrance?: Layer | undefined;
  convolutions: readonly Layer[];
  toImage: Layer;
}

/**
 * A modulated 3×3 convolution, noise with one strength for all channels, bias, leaky ReLU. The
 * activation's gain √2 is folded into the convolution: leaky ReLU is homogeneous, so the function
 * is the same and saves a pass over the features.
 */
function styledConvolution(
  parameters: Parameters,
  config: StyleganConfig,
  options: { inChannels: number; outChannels: number; upsample?: boolean },
): Layer {
  const styled = { ...options, styleFeatures: config.latentSize, gain: Math.SQRT2 };
  const convolve = modulatedConv2d(parameters.scope("conv"), styled);
  const addNoise = noiseLayer(parameters, config, 1);
  const bias = parameters.variable("bias", [options.outChannels], zeros);
  return (x, w) => leakyRelu(tf.add<tf.Tensor4D>(addNoise(convolve(x, w)), bias));
}

/**
 * The input of the layers above 16 px with `--pair-weight`: a convolution reads the 16 px picture,
 * then a styled convolution follows.
 * @returns [N, 16, 16, imageChannels] → [N, 16, 16, outChannels]
 */
function imageEntrance(
  parameters: Parameters,
  config: StyleganConfig,
  imageChannels: number,
  outChannels: number,
): Layer {
  const read = equalizedConv2d(parameters.scope("from_image"), {
    inChannels: imageChannels,
    outChannels,
    gain: Math.SQRT2,
  });
  const styled = styledConvolution(parameters.scope("layer"), config, {
    inChannels: outChannels,
    outChannels,
  });
  return (image, w) => styled(leakyRelu(read(image)), w);
}

/**
 * The picture is the sum of the outputs of all image layers, upsampled step by step with the filter
 * [1, 3, 3, 1] (edges repeated). With `limits` it is clamped to [-1, 1] at each step, because a
 * linear layer can only approximate the exactly white background that many pictures have. There are
 * two styles for each resolution, one per convolution; an image layer shares the style of the first
 * convolution of the next resolution. With `pairWeight`, features end at 16 px: the layers above
 * start from the 16 px picture, as in a cascade (Ho et al. 2021, "Cascaded Diffusion Models"), so
 * that they can also continue a real one.
 * @param channels of the images, 3 or 1
 */
export function createSkipSynthesis(
  parameters: Parameters,
  config: StyleganConfig,
  startResolution: number,
  channels: number,
): Synthesis {
  const at = (r: number) => parameters.scope(`${r}px`);
  const imageLayer = (r: number, isFirst: boolean): Layer => {
    const scope = at(r).scope("to_image");
    const convolve = modulatedConv2d(scope, {
      inChannels: channelsAt(config, r),
      outChannels: channels,
      styleFeatures: config.latentSize,
      kernel: 1,
      demodulate: false,
      ...(isFirst ? {} : { init: zeros }),
    });
    const bias = scope.variable("bias", [channels], zeros);
    return (x, w) => tf.add<tf.Tensor4D>(convolve(x, w), bias);
  };
  const width = channelsAt(config, startResolution);
  const constant = constantInput(at(startResolution), { size: startResolution, channels: width });
  const blocks: Block[] = [{
    convolutions: [
      styledConvolution(at(startResolution).scope("layer1"), config, {
        inChannels: width,
        outChannels: width,
      }),
    ],
    toImage: imageLayer(startResolution, true),
  }];
  const hasPairs = config.pairWeight > 0 && startResolution <= PAIR_RESOLUTION;
  let resolution = startResolution, isFading = false;

  /**
   * Applies the blocks from index `first` on, given the features or the picture that it starts
   * from.
   */
  function through(
    first: number,
    { features, picture }: { features?: tf.Tensor4D; picture?: tf.Tensor4D },
    styles: readonly tf.Tensor2D[],
    alpha: tf.Scalar | number,
  ): tf.Tensor4D {
    let x = features, image = picture, layer = Math.max(0, 2 * first - 1);
    for (const [i, { entrance, convolutions, toImage }] of blocks.entries()) {
      if (i < first) continue;
      if (entrance) x = entrance(image!, styles[layer]!);
      for (const convolve of convolutions) x = convolve(x!, styles[layer++]!);
      const drawn = toImage(x!, styles[layer]!); // [N, r, r, channels]
      const isNew = isFading && i === blocks.length - 1;
      const added = isNew ? tf.mul<tf.Tensor4D>(drawn, alpha) : drawn;
      const sum = image ? tf.add<tf.Tensor4D>(upsampleBilinear(image), added) : added;
      image = config.limits ? clampInward(sum, -1, 1) : sum;
    }
    return image!; // there is at least one block
  }

  return {
    apply(styles, alpha) {
      const n = styles[0]!.shape[0]; // one style for each layer, and there are at least two
      return through(0, { features: constant(n) }, styles, alpha);
    },
    drawOn: hasPairs
      ? (picture, styles, alpha) => {
        const first = Math.log2(2 * PAIR_RESOLUTION / startResolution);
        return through(first, { picture }, styles, alpha);
      }
      : undefined,
    styleLayers: () => 2 * blocks.length,
    styleWeights(layer) {
      // The convolutions are layer1 of the first resolution, then layer0 and layer1 of each further
      // one. An image layer and an entrance share the style of the convolution that follows them.
      const convolution = (i: number) =>
        at(startResolution * 2 ** ((i + 1) >> 1)).scope(`layer${(i + 1) % 2}`);
      if (layer % 2 === 0) return styleWeightsIn(convolution(layer));
      const below = startResolution * 2 ** (layer >> 1);
      return [
        ...styleWeightsIn(convolution(layer)),
        ...styleWeightsIn(at(below).scope("to_image")),
        ...styleWeightsIn(at(2 * below).scope("entrance")),
      ];
    },
    grow(next) {
      const scope = at(next), from = channelsAt(config, resolution), to = channelsAt(config, next);
      const layer = (name: string, inChannels: number, upsample: boolean) =>
        styledConvolution(scope.scope(name), config, { inChannels, outChannels: to, upsample });
      const isEntered = hasPairs && next === 2 * PAIR_RESOLUTION;
      blocks.push({
        entrance: isEntered
          ? imageEntrance(scope.scope("entrance"), config, channels, from)
          : undefined,
        convolutions: [layer("layer0", from, true), layer("layer1", to, false)],
        toImage: imageLayer(next, false),
      });
      [resolution, isFading] = [next, true];
    },
    stabilize() {
      isFading = false;
    },
  };
}
