/**
 * The generator: adds a residual to the bicubic enlargement, and gets deeper with each resolution.
 */
import {
  equalizedConv2d,
  leakyRelu,
  lerp,
  type Parameters,
  pixelNorm,
  tf,
  toImage,
  upsampleConv2d,
} from "../../core/mod.ts";
import { doublingsOf, type ProganSrConfig } from "./config.ts";
import { BICUBIC_REACH, enlarge } from "./pairs.ts";

type Layer = (x: tf.Tensor4D) => tf.Tensor4D;

/** Enlarges images; grows by one block at a time. */
export interface Generator {
  /**
   * Enlarges by the scale. The network is fully convolutional, so any height and width will do.
   * @param low [N, H, W, C] in [-1, 1]
   * @param alpha weight of the newest block, 0 … 1
   * @returns [N, H · scale, W · scale, C]
   */
  apply(low: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor4D;
  /** Radius of the receptive field, in input pixels. */
  reach(): number;
  grow(resolution: number): void;
  /** Removes the enlarging layers of the previous resolution. */
  stabilize(): void;
}

/**
 * Scale of the residual: with it, a newly created network hardly alters the bicubic enlargement.
 */
const RESIDUAL_GAIN = 0.1;

/**
 * Output = bicubic(low) + residual(low). Each resolution adds a block of 3×3 convolutions at the
 * input's size, which refines the features of the earlier blocks, and its own enlarging and image
 * layers. While it fades in, the residuals of the old and the new image layers are interpolated, so
 * at alpha 0 the function is that of the previous network on a larger input (Karras et al. 2018,
 * figure 2). Pixel norm follows each 3×3 convolution.
 * @param channels of the images, 3 or 1
 */
export function createGenerator(
  parameters: Parameters,
  config: ProganSrConfig,
  startResolution: number,
  channels: number,
): Generator {
  const width = config.channels, doublings = doublingsOf(config);
  const at = (resolution: number) => parameters.scope(`${resolution}px`);
  const normalized = (convolve: Layer): Layer => (x) =>
    tf.tidy(() => pixelNorm(leakyRelu(convolve(x))));
  const convolution = (scope: Parameters, inChannels = width) =>
    normalized(equalizedConv2d(scope, { inChannels, outChannels: width }));
  /** Nearest-neighbour upsampling, then the convolution. */
  const enlarging = (scope: Parameters) =>
    normalized(upsampleConv2d(scope, { inChannels: width, outChannels: width, blur: false }));
  const block = (resolution: number): Layer => {
    const layers = Array.from(
      { length: config.blockLayers },
      (_, i) => convolution(at(resolution).scope(`layer${i}`)),
    );
    return (x) => tf.add<tf.Tensor4D>(x, layers.reduce((y, layer) => layer(y), x));
  };
  const head = (resolution: number): Layer => {
    const layers = Array.from(
      { length: doublings },
      (_, i) => enlarging(at(resolution).scope(`enlarge${i}`)),
    );
    const image = toImage(at(resolution).scope("to_image"), {
      featureChannels: width,
      imageChannels: channels,
    });
    return (x) => image(layers.reduce((y, layer) => layer(y), x));
  };

  const enter = convolution(parameters.scope("from_image"), channels);
  const blocks = [block(startResolution)];
  let newest = head(startResolution);
  let fading: { resolution: number; head: Layer } | undefined;
  let resolution = startResolution;

  return {
    apply(low, alpha) {
      let x = enter(low), before = x;
      for (const layer of blocks) {
        before = x;
        x = layer(x);
      }
      const residual = fading ? lerp(fading.head(before), newest(x), alpha) : newest(x);
      return tf.add<tf.Tensor4D>(enlarge(low, config.scale), tf.mul(residual, RESIDUAL_GAIN));
    },
    reach: () => Math.max(BICUBIC_REACH, 1 + blocks.length * config.blockLayers + doublings),
    grow(next) {
      blocks.push(block(next));
      fading = { resolution, head: newest };
      newest = head(next);
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      const old = at(fading.resolution);
      old.scope("to_image").remove();
      for (let i = 0; i < doublings; i++) old.scope(`enlarge${i}`).remove();
      fading = undefined;
    },
  };
}
