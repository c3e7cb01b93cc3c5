/**
 * The synthesis network: a learned constant, then one block for each resolution, which takes the
 * encoder's features and is styled by the latent.
 */
import {
  adain,
  clamp,
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
  upsampleNearest,
  zeros,
} from "../../core/mod.ts";
import { channelsAt, encoderChannelsAt, type SketchConfig } from "./config.ts";
import { convNetwork } from "./conv_network.ts";

type ImageLayer = (x: tf.Tensor4D) => tf.Tensor4D;
type Block = (x: tf.Tensor4D, features: tf.Tensor4D, style: tf.Tensor2D) => tf.Tensor4D;

/** Draws parts; grows by one block at a time. */
export interface Synthesis {
  /**
   * @param features of the encoder: one for each block, from the start resolution on
   * @param style [N, styleSize]
   * @returns [N, R, R, 1]
   */
  apply(
    features: readonly tf.Tensor4D[],
    style: tf.Tensor2D,
    alpha: tf.Scalar | number,
  ): tf.Tensor4D;
  grow(resolution: number): void;
  /** Removes the image layer of the previous resolution, unless image layers are kept. */
  stabilize(): void;
}

/** @param styleSize length of the blocks' style input */
export function createSynthesis(
  parameters: Parameters,
  config: SketchConfig,
  startResolution: number,
  styleSize: number,
): Synthesis {
  const at = (r: number) => parameters.scope(`${r}px`);

  /** 3×3 convolutions, noise, leaky ReLU, AdaIN. */
  function styled(scope: Parameters, inChannels: number, outChannels: number, layers: number) {
    const network = convNetwork(scope, { inChannels, outChannels, layers });
    const addNoise = config.noise ? noise(scope.scope("noise"), outChannels) : undefined;
    const style = adain(scope, { channels: outChannels, styleFeatures: styleSize });
    return (x: tf.Tensor4D, s: tf.Tensor2D) => {
      let y = network(x);
      if (addNoise) {
        const [, height, width] = y.shape;
        y = addNoise(y, randomNormal([1, height, width, 1])); // one noise map for the batch
      }
      return style(leakyRelu(y), s);
    };
  }
  /** Two styled networks; `inChannels` excludes the encoder's features. */
  function block(r: number, inChannels: number): Block {
    const scope = at(r), channels = channelsAt(config, r);
    const first = styled(
      scope.scope("layer0"),
      inChannels + encoderChannelsAt(config, r),
      channels,
      config.layers,
    );
    const second = styled(
      scope.scope("layer1"),
      channels,
      channels,
      config.secondLayers || config.layers,
    );
    return (x, features, style) => second(first(tf.concat([x, features], 3), style), style);
  }
  const imageLayer = (r: number, init = normal()) =>
    toImage(at(r).scope("to_image"), {
      featureChannels: channelsAt(config, r),
      imageChannels: 1,
      init,
    });

  const width = channelsAt(config, startResolution);
  const constant = constantInput(at(startResolution), {
    channels: width,
    size: startResolution,
    init: normal(),
  });
  const blocks = [block(startResolution, width)];
  // the image layer of each block; undefined once it is removed
  const images: (ImageLayer | undefined)[] = [imageLayer(startResolution)];
  let resolution = startResolution;
  let fading = false;

  /**
   * Combines the picture of the previous resolution with what the next block drew. At alpha 0 it is
   * the former with its pixels repeated, as for real parts.
   * @param alpha undefined after the fade
   */
  function join(before: tf.Tensor4D, drawn: tf.Tensor4D, alpha: tf.Scalar | number | undefined) {
    if (!config.skips) return lerp(upsampleNearest(before), drawn, alpha ?? 1);
    if (alpha === undefined) return tf.add<tf.Tensor4D>(upsampleBilinear(before), drawn);
    const enlarged = lerp(upsampleNearest(before), upsampleBilinear(before), alpha);
    return tf.add<tf.Tensor4D>(enlarged, tf.mul(drawn, alpha));
  }

  return {
    apply(features, style, alpha) {
      let x = constant(style.shape[0]);
      let picture: tf.Tensor4D | undefined; // the output of the blocks so far
      blocks.forEach((run, i) => {
        x = run(i === 0 ? x : upsampleBilinear(x), features[i]!, style); // one for each block
        const drawn = images[i]?.(x), fade = fading && i === blocks.length - 1;
        picture = picture && drawn ? join(picture, drawn, fade ? alpha : undefined) : drawn;
      });
      return bounded(picture!, config.overflow); // the newest block always has its image layer
    },
    grow(next) {
      fading = true;
      blocks.push(block(next, channelsAt(config, resolution)));
      images.push(imageLayer(next, config.skips ? zeros : normal()));
      resolution = next;
    },
    stabilize() {
      if (!fading) return;
      fading = false;
      if (config.skips) return;
      at(resolution / 2).scope("to_image").remove();
      images[images.length - 2] = undefined;
    },
  };
}

/**
 * y = clamp(x, -1, 1) + slope · (x − clamp(x, -1, 1)): keeps paper and ink nearly flat, as in
 * rasters, but with a gradient for pixels beyond them.
 */
function bounded(x: tf.Tensor4D, slope: number): tf.Tensor4D {
  if (slope === 1) return x;
  const inside = clamp(x, -1, 1);
  return slope === 0 ? inside : lerp(inside, x, slope);
}
