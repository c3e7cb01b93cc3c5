/**
 * The synthesis network: a learned constant, then a block a resolution, each fed with the encoder's features and
 * styled by the latent.
 */
import {
  adain,
  constantInput,
  leakyRelu,
  lerp,
  noise,
  normal,
  type Parameters,
  randomNormal,
  tf,
  toImage,
  upsampleBilinear,
} from "../../core/mod.ts";
import { channelsAt, encoderChannelsAt, type SketchConfig } from "./config.ts";
import { convNetwork } from "./conv_network.ts";

type ImageLayer = (x: tf.Tensor4D) => tf.Tensor4D;
type Block = (x: tf.Tensor4D, features: tf.Tensor4D, style: tf.Tensor2D) => tf.Tensor4D;

/** Draws parts; grows by a block at a time. */
export interface Synthesis {
  /**
   * @param features of the encoder, the first at the start resolution, then one a block
   * @param style [N, styleSize]
   * @returns [N, R, R, 1]
   */
  apply(
    features: readonly tf.Tensor4D[],
    style: tf.Tensor2D,
    alpha: tf.Scalar | number,
  ): tf.Tensor4D;
  grow(resolution: number): void;
  /** Forgets the image layer of the resolution before. */
  stabilize(): void;
}

/** @param styleSize length of what styles the blocks */
export function createSynthesis(
  parameters: Parameters,
  config: SketchConfig,
  startResolution: number,
  styleSize: number,
): Synthesis {
  const at = (r: number) => parameters.scope(`${r}px`);

  /** A 3×3 network, noise, leaky ReLU, style. */
  function styled(scope: Parameters, inChannels: number, outChannels: number) {
    const network = convNetwork(scope, { inChannels, outChannels, layers: config.layers });
    const addNoise = config.noise ? noise(scope.scope("noise"), outChannels) : undefined;
    const style = adain(scope, { channels: outChannels, styleFeatures: styleSize });
    return (x: tf.Tensor4D, s: tf.Tensor2D) => {
      let y = network(x);
      if (addNoise) {
        const [, height, width] = y.shape;
        y = addNoise(y, randomNormal([1, height, width, 1]) as tf.Tensor4D); // one map for the batch
      }
      return style(leakyRelu(y), s);
    };
  }
  /** Two styled networks; `inChannels` are those of what enters beside the encoder's features. */
  function block(r: number, inChannels: number): Block {
    const scope = at(r), channels = channelsAt(config, r);
    const first = styled(
      scope.scope("layer0"),
      inChannels + encoderChannelsAt(config, r),
      channels,
    );
    const second = styled(scope.scope("layer1"), channels, channels);
    return (x, features, style) => second(first(tf.concat([x, features], 3), style), style);
  }
  const imageLayer = (r: number) =>
    toImage(at(r).scope("to_image"), { featureChannels: channelsAt(config, r), imageChannels: 1 });

  const width = channelsAt(config, startResolution);
  const constant = constantInput(at(startResolution), {
    channels: width,
    size: startResolution,
    init: normal(),
  });
  const blocks = [block(startResolution, width)];
  let resolution = startResolution;
  let image: ImageLayer = imageLayer(startResolution);
  let fading: { resolution: number; image: ImageLayer } | undefined;

  return {
    apply(features, style, alpha) {
      let x = constant(style.shape[0]), before = x;
      blocks.forEach((run, i) => {
        before = x; // what leaves the block before the newest
        x = run(i === 0 ? x : upsampleBilinear(x), features[i]!, style); // one a block
      });
      if (!fading) return image(x);
      return lerp(upsampleBilinear(fading.image(before)), image(x), alpha);
    },
    grow(next) {
      fading = { resolution, image };
      blocks.push(block(next, channelsAt(config, resolution)));
      image = imageLayer(next);
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      at(fading.resolution).scope("to_image").remove();
      fading = undefined;
    },
  };
}
