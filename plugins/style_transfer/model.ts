/** VGG-19 as the encoder, AdaIN, and a decoder that mirrors the encoder. */
import {
  createParameters,
  heNormal,
  type Model,
  ones,
  type Parameters,
  tf,
  upsampleNearest,
  type VggEncoder,
  zeros,
} from "../../core/mod.ts";
import { adaptiveNorm } from "./adaptive_norm.ts";
import { PLACES, type StyleTransferConfig } from "./config.ts";

/** A network that renders a picture in the style of another. */
export interface StyleTransferModel extends Model {
  /** The VGG-19 layer at which styles are exchanged. */
  readonly place: string;
  /** The layers at which styles are compared: `place` and some before it. */
  readonly compared: readonly string[];
  /** The sides of pictures must be divisible by this, px. */
  readonly step: number;
  /** Features at the `compared` layers, scaled to about 1; the last are those of `place`. */
  encode(images: tf.Tensor4D): tf.Tensor4D[];
  /** Decodes features of `place` to images [N, H, W, C], not limited to [-1, 1]. */
  decode(features: tf.Tensor4D): tf.Tensor4D;
  /**
   * Renders content in the style of other pictures, each [N, H, W, C] in [-1, 1].
   * @param strength 0 reproduces the content, 1 applies the full style: α of equation 14
   */
  stylize(content: tf.Tensor4D, style: tf.Tensor4D, strength: number): tf.Tensor4D;
}

/** What the networks depend on. */
export interface StyleTransferShape {
  encoder: VggEncoder;
  place: StyleTransferConfig["place"];
  channels: number;
  seed: number;
}

/**
 * Builds the decoder.
 * @throws RangeError where the encoder does not reach the layer
 */
export function createStyleTransfer(
  { encoder, place: wanted, channels, seed }: StyleTransferShape,
): StyleTransferModel {
  const known: readonly string[] = PLACES;
  const reached = encoder.layers.map(({ place }) => place).filter((one) => known.includes(one));
  // the weights always include block 1
  const place = wanted === "deepest" ? reached.at(-1)! : wanted;
  if (!reached.includes(place)) {
    throw new RangeError(
      `Cannot exchange styles at ${place}: expected a place that the weights of VGG-19 reach, ` +
        `${reached.join(", ")}. Give --vgg-weights of more blocks`,
    );
  }
  const layers = encoder.layers.slice(
    0,
    encoder.layers.findIndex((layer) => layer.place === place) + 1,
  );
  // the first layer of each block, as in the paper
  const compared = layers.map(({ place }) => place).filter((one) =>
    one === place || /_1$/.test(one)
  );
  const units = unitsOf(encoder, compared);
  const generator = createParameters("generator", seed);
  const decoder = createDecoder(generator, layers, channels);
  const step = 2 ** layers.filter(({ halves }) => halves).length;
  /** A margin must be smaller than the side that it mirrors, and a multiple of `step`. */
  const marginOf = (side: number) => Math.min(8 * step, Math.floor((side - 1) / step) * step);
  const encode = (images: tf.Tensor4D) =>
    // one for each layer
    encoder.features(images, compared).map((x, i) => tf.div<tf.Tensor4D>(x, units[i]!));
  return {
    generator,
    discriminator: withOneWeight(seed),
    place,
    compared,
    step,
    encode,
    decode: decoder,
    stylize(content, style, strength) {
      const [, height, width] = content.shape, [across, down] = [width, height].map(marginOf);
      // The margin is mirrored content, because the encoder's zero padding would be visible at the
      // edges.
      const wide = tf.mirrorPad(
        content,
        [[0, 0], [down!, down!], [across!, across!], [0, 0]],
        "reflect",
      );
      // of the layer where styles are exchanged
      const [x, y] = [wide, style].map((images) => encode(images).at(-1)!);
      const mixed = tf.add(
        tf.mul(adaptiveNorm(x!, y!), strength),
        tf.mul(x!, 1 - strength),
      ) as tf.Tensor4D;
      const drawn = decoder(mixed).slice([0, down!, across!, 0], [-1, height, width, -1]);
      return tf.clipByValue(drawn, -1, 1);
    },
  };
}

/**
 * Root mean squares of the features of a noise image, by which features are divided. The scales of
 * published weights differ by factors of hundreds, and the decoder needs inputs of about 1.
 */
function unitsOf(encoder: VggEncoder, places: readonly string[]): number[] {
  return tf.tidy(() => {
    const noise = tf.randomUniform([1, 64, 64, 3], -1, 1, "float32", 1) as tf.Tensor4D;
    return encoder.features(noise, places).map((x) =>
      Math.sqrt(tf.mean(tf.square(x)).dataSync()[0]!) || 1 // a scalar
    );
  });
}

/**
 * The encoder reversed: 3×3 convolutions and ReLU, nearest-neighbour upsampling where the encoder
 * halves, and no activation after the last layer (section 6). The paper pads by reflection; this
 * pads with zeros, as the encoder does.
 */
function createDecoder(
  parameters: Parameters,
  layers: StyleTransferShape["encoder"]["layers"],
  channels: number,
): (x: tf.Tensor4D) => tf.Tensor4D {
  const steps = layers.toReversed().map(({ place, from, to, halves }, i, all) => {
    const isLast = i === all.length - 1, out = isLast ? channels : from;
    const scope = parameters.scope(place);
    const kernel = scope.variable("kernel", [3, 3, to, out], heNormal());
    const bias = scope.variable("bias", [out], zeros);
    return (x: tf.Tensor4D) => {
      const y = tf.add<tf.Tensor4D>(
        tf.conv2d(x, kernel as tf.Tensor4D, 1, "same"), // of that shape
        bias,
      );
      if (isLast) return y;
      return halves ? upsampleNearest(tf.relu(y)) : tf.relu(y);
    };
  });
  return (x) => steps.reduce((y, step) => step(y), x);
}

/**
 * The paper has no discriminator, but a run counts images by discriminator steps. So this is one of
 * a single weight that processes no image.
 */
function withOneWeight(seed: number): Parameters {
  const parameters = createParameters("discriminator", seed);
  parameters.variable("none", [], ones);
  return parameters;
}
