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

/** A network that gives a picture the style of another one. */
export interface StyleTransferModel extends Model {
  /** Where styles are exchanged. */
  readonly place: string;
  /** Where styles are compared: the place, and those before it. */
  readonly compared: readonly string[];
  /** Pictures' sides must be divisible by this, px. */
  readonly step: number;
  /** Features at `compared`, of unit size; the last one is that of the place. */
  encode(images: tf.Tensor4D): tf.Tensor4D[];
  /** Images [N, H, W, C] of features of the place, not limited to [-1, 1]. */
  decode(features: tf.Tensor4D): tf.Tensor4D;
  /**
   * Content in the style of other pictures, each [N, H, W, C] in [-1, 1].
   * @param strength 0 draws the content again, 1 the whole style: α of equation 14
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
 * @throws RangeError where the encoder doesn't reach the place
 */
export function createStyleTransfer(
  { encoder, place: wanted, channels, seed }: StyleTransferShape,
): StyleTransferModel {
  const known: readonly string[] = PLACES;
  const reached = encoder.layers.map(({ place }) => place).filter((one) => known.includes(one));
  const place = wanted === "deepest" ? reached.at(-1)! : wanted; // block 1 is always there
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
  const compared = layers.map(({ place }) => place).filter((one) => one === place || /_1$/.test(one) // the first of each block, as in the paper
  );
  const units = unitsOf(encoder, compared);
  const generator = createParameters("generator", seed);
  const decoder = createDecoder(generator, layers, channels);
  const step = 2 ** layers.filter(({ halves }) => halves).length;
  /** A side is mirrored by less than itself, and by whole steps. */
  const marginOf = (side: number) => Math.min(8 * step, Math.floor((side - 1) / step) * step);
  const encode = (images: tf.Tensor4D) =>
    encoder.features(images, compared).map((x, i) => tf.div<tf.Tensor4D>(x, units[i]!)); // as many
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
      // Mirrored beyond the edges, where zeros of the encoder's padding would be seen.
      const wide = tf.mirrorPad(
        content,
        [[0, 0], [down!, down!], [across!, across!], [0, 0]],
        "reflect",
      );
      const [x, y] = [wide, style].map((images) => encode(images).at(-1)!); // the place's
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
 * Root mean squares of features of one noise picture: published weights differ in their size by
 * hundreds, and the decoder begins with inputs of 1.
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
 * The encoder backwards: 3×3 convolutions and ReLU, nearest neighbours where it halved, nothing
 * behind the last one (section 6). The paper pads by reflection, this with zeros, as the encoder.
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
 * The paper has no discriminator. A run counts images by its steps, so there is one, of a single
 * weight that no image passes.
 */
function withOneWeight(seed: number): Parameters {
  const parameters = createParameters("discriminator", seed);
  parameters.variable("none", [], ones);
  return parameters;
}
