/**
 * The synthesis network g: a learned constant, then one block for each resolution, each styled by w
 * (Karras et al. 2019, figure 1b).
 */
import {
  adain,
  constantInput,
  equalizedConv2d,
  leakyRelu,
  lerp,
  noise,
  type Parameters,
  type tf,
  upsampleConv2d,
  upsampleNearest,
} from "../../core/mod.ts";
import { channelsAt, type StyleganConfig } from "./config.ts";

type Layer = (x: tf.Tensor4D, w: tf.Tensor2D) => tf.Tensor4D;

/** Draws images from styles; grows by one block at a time. */
export interface Synthesis {
  /** @returns [N, R, R, C]; `styles` has one w [N, latentSize] for each layer */
  apply(styles: readonly tf.Tensor2D[], alpha: tf.Scalar | number): tf.Tensor4D;
  /**
   * Continues 16 px pictures [N, 16, 16, C] at the current resolution, if the layers above 16 px
   * start from a picture.
   * @returns [N, R, R, C]; `styles` are those of all layers, as in {@linkcode apply}
   */
  drawOn?:
    | ((
      picture: tf.Tensor4D,
      styles: readonly tf.Tensor2D[],
      alpha: tf.Scalar | number,
    ) => tf.Tensor4D)
    | undefined;
  /** Layers that take a style: two for each resolution. */
  styleLayers(): number;
  /** Weights [latentSize, outputs] of the affine maps that a layer's style passes through. */
  styleWeights(layer: number): tf.Tensor2D[];
  grow(resolution: number): void;
  /** Removes the image layer of the previous resolution. */
  stabilize(): void;
}

/** Weights of all affine style maps below a scope. */
export function styleWeightsIn(parameters: Parameters): tf.Tensor2D[] {
  const maps = parameters.variables().filter(({ path }) => path.endsWith("/style/weight"));
  // the weight of a dense layer
  return maps.map(({ variable }) => variable as tf.Variable<tf.Rank.R2>);
}

/**
 * Adds noise with one strength for each channel, or one for all; does nothing with `--no-noise`.
 * @param strengths the number of channels, or 1
 */
export function noiseLayer(
  parameters: Parameters,
  config: StyleganConfig,
  strengths: number,
): (x: tf.Tensor4D) => tf.Tensor4D {
  return config.noise ? noise(parameters.scope("noise"), strengths) : (x) => x;
}

/** Noise, leaky ReLU and AdaIN, which follow every convolution. */
function epilogue(parameters: Parameters, channels: number, config: StyleganConfig): Layer {
  const addNoise = noiseLayer(parameters, config, channels);
  const { latentSize: styleFeatures, normEpsilon: epsilon } = config;
  const style = adain(parameters, { channels, styleFeatures, epsilon });
  return (x, w) => style(leakyRelu(addNoise(x)), w);
}

/** @param channels of the images, 3 or 1 */
export function createSynthesis(
  parameters: Parameters,
  config: StyleganConfig,
  startResolution: number,
  channels: number,
): Synthesis {
  const layers: Layer[] = [];
  const constant = firstBlock();
  let toImage = imageLayer(startResolution);
  let fading: { resolution: number; toImage: (x: tf.Tensor4D) => tf.Tensor4D } | undefined;
  let resolution = startResolution;

  function at(r: number): Parameters {
    return parameters.scope(`${r}px`);
  }
  function firstBlock() {
    const scope = at(startResolution), width = channelsAt(config, startResolution);
    const start = constantInput(scope, { size: startResolution, channels: width });
    layers.push(epilogue(scope.scope("layer0"), width, config));
    layers.push(convolution(scope.scope("layer1"), width, width, false));
    return start;
  }
  function convolution(scope: Parameters, inChannels: number, filters: number, up: boolean): Layer {
    const channels = { inChannels, outChannels: filters };
    const convolve = up
      ? upsampleConv2d(scope.scope("conv"), { ...channels, blur: config.filter === "blur" })
      : equalizedConv2d(scope.scope("conv"), channels);
    const finish = epilogue(scope, filters, config);
    return (x, w) => finish(convolve(x), w);
  }
  function imageLayer(r: number) {
    return equalizedConv2d(at(r).scope("to_image"), {
      inChannels: channelsAt(config, r),
      outChannels: channels,
      kernel: 1,
      gain: 1,
    });
  }

  return {
    apply(styles, alpha) {
      const n = styles[0]!.shape[0]; // one style for each layer, and there are at least two
      let x = constant(n), before = x;
      layers.forEach((layer, i) => {
        if (i === layers.length - 2) before = x; // the input of the newest block
        x = layer(x, styles[i]!);
      });
      if (!fading) return toImage(x);
      return lerp(upsampleNearest(fading.toImage(before)), toImage(x), alpha);
    },
    styleLayers: () => layers.length,
    styleWeights: (layer) =>
      styleWeightsIn(at(startResolution * 2 ** (layer >> 1)).scope(`layer${layer % 2}`)),
    grow(next) {
      const scope = at(next), from = channelsAt(config, resolution), to = channelsAt(config, next);
      layers.push(convolution(scope.scope("layer0"), from, to, true));
      layers.push(convolution(scope.scope("layer1"), to, to, false));
      fading = { resolution, toImage };
      toImage = imageLayer(next);
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      at(fading.resolution).scope("to_image").remove();
      fading = undefined;
    },
  };
}
