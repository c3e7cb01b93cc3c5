/** A growing GAN with a handful of weights, for testing add-ons. */
import * as tf from "@tensorflow/tfjs";
import { object } from "../config/mod.ts";
import {
  createParameters,
  equalizedConv2d,
  equalizedDense,
  fromImage,
  type ImageLayer,
  minibatchStddev,
  pixelNorm,
  toImage,
} from "../layers/mod.ts";
import { adversarialTerms, fadeReals } from "../losses/adversarial_terms.ts";
import { downsampleAverage, leakyRelu, lerp, upsampleNearest } from "../ops/mod.ts";
import { definePlugin, type Model, type StepContext } from "../plugin/mod.ts";
import { randomNormal } from "../random.ts";

/** The model with the methods that its hooks need. */
export interface TinyModel extends Model {
  /** Draws the latents [N, 4] of a step. */
  styles(step: StepContext): tf.Tensor2D;
  /** Generates images [N, R, R, C] from latents. */
  synthesize(styles: tf.Tensor2D, step: StepContext): tf.Tensor4D;
  /** Computes logits [N, 1] of images [N, R, R, C]. */
  score(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  /** Adds a block of `resolution` px to each network, which then fades in. */
  grow(resolution: number): void;
  /** Removes the layers that have faded out. */
  stabilize(): void;
}

const WIDTH = 4, LATENTS = 4;

function createTinyModel(seed: number, startResolution: number, channels: number): TinyModel {
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const image = { featureChannels: WIDTH, imageChannels: channels };
  const layer = (network: typeof generator, name: string, inChannels = WIDTH): ImageLayer => {
    const convolve = equalizedConv2d(network.scope(name), { inChannels, outChannels: WIDTH });
    return (x) => leakyRelu(convolve(x));
  };
  const end = (r: number) => ({
    r,
    toImage: toImage(generator.scope(`${r}px`).scope("to_image"), image),
    fromImage: fromImage(discriminator.scope(`${r}px`).scope("from_image"), image),
  });

  const first = equalizedDense(generator.scope("dense"), {
    inFeatures: LATENTS,
    outFeatures: WIDTH * startResolution ** 2,
  });
  const last = layer(discriminator, "last", WIDTH + 1);
  const score = equalizedDense(discriminator.scope("score"), {
    inFeatures: WIDTH * startResolution ** 2,
    outFeatures: 1,
    gain: 1,
  });
  const ups: ImageLayer[] = [], downs: ImageLayer[] = []; // oldest first; newest first
  let newest = end(startResolution), fading: typeof newest | undefined;

  function synthesize(z: tf.Tensor2D, alpha: tf.Scalar | number): tf.Tensor4D {
    const shape: [number, number, number, number] = [-1, startResolution, startResolution, WIDTH];
    let x = tf.reshape<tf.Rank.R4>(leakyRelu(first(pixelNorm(z))), shape), before = x;
    for (const up of ups) [before, x] = [x, up(upsampleNearest(x))];
    if (!fading) return newest.toImage(x);
    return lerp(upsampleNearest(fading.toImage(before)), newest.toImage(x), alpha);
  }

  return {
    generator,
    discriminator,
    latentSize: LATENTS,
    generate: (z, { alpha }) => synthesize(z, alpha),
    styles: (step) => randomNormal([step.size, LATENTS]),
    synthesize: (styles, step) => synthesize(styles, step.alpha),
    score(images, alpha) {
      let x = newest.fromImage(images);
      downs.forEach((down, i) => {
        x = downsampleAverage(down(x));
        if (i === 0 && fading) x = lerp(fading.fromImage(downsampleAverage(images)), x, alpha);
      });
      x = last(minibatchStddev(x));
      return score(tf.reshape<tf.Rank.R2>(x, [x.shape[0], -1]));
    },
    grow(resolution) {
      fading = newest;
      ups.push(layer(generator, `${resolution}px`));
      downs.unshift(layer(discriminator, `${resolution}px`));
      newest = end(resolution);
    },
    stabilize() {
      if (!fading) return;
      generator.scope(`${fading.r}px`).scope("to_image").remove();
      discriminator.scope(`${fading.r}px`).scope("from_image").remove();
      fading = undefined;
    },
  };
}

/** The model as a plugin without options. */
export const tinyModel = definePlugin({
  name: "tiny-model",
  description: "A few weights that grow, for tests",
  kind: "model",
  config: object({}),
  build: ({ run, dataset }) => createTinyModel(run.seed, run.startResolution, dataset.channels),
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { model, phase } = context;
      return adversarialTerms(context, {
        real: ({ tensors, alpha }) =>
          phase.kind === "fade" ? fadeReals(tensors.images, alpha) : tensors.images,
        fake: (step) => model.synthesize(model.styles(step), step),
        score: (images, step) => model.score(images, step.alpha),
      });
    },
  },
});
