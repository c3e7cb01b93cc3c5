/** A GAN that grows by resolution (Karras et al. 2018, "Progressive Growing of GANs"). */
import * as cambium from "cambium";
import type { ImageLayer, Model, tf } from "cambium";

const { equalizedConv2d, equalizedDense, field, leakyRelu, lerp, pixelNorm, randomNormal } =
  cambium;

/** What the hooks below need from the networks: `context.model` is what `build` returns. */
interface MyModel extends Model {
  draw(z: tf.Tensor2D, alpha: tf.Scalar | number): tf.Tensor4D;
  score(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

interface Sizes {
  latentSize: number;
  width: number; // features of every layer
  channels: number; // of the images: 3, or 1 for grey
  start: number; // the first resolution, px a side
}

function createModel(seed: number, { latentSize, width, channels, start }: Sizes): MyModel {
  const generator = cambium.createParameters("generator", seed);
  const discriminator = cambium.createParameters("discriminator", seed);
  const image = { featureChannels: width, imageChannels: channels };
  const layer = (network: typeof generator, name: string, inChannels = width): ImageLayer => {
    const convolve = equalizedConv2d(network.scope(name), { inChannels, outChannels: width });
    return (x) => pixelNorm(leakyRelu(convolve(x)));
  };
  /** The layers between features and pixels; each resolution has its own. */
  const ends = (r: number) => ({
    resolution: r,
    toImage: cambium.toImage(generator.scope(`${r}px`).scope("to_image"), image),
    fromImage: cambium.fromImage(discriminator.scope(`${r}px`).scope("from_image"), image),
  });

  const size = width * start ** 2;
  const first = equalizedDense(generator.scope("dense"), {
    inFeatures: latentSize,
    outFeatures: size,
  });
  const last = layer(discriminator, "last", width + 1); // minibatchStddev adds a channel
  const judge = equalizedDense(discriminator.scope("score"), {
    inFeatures: size,
    outFeatures: 1,
    gain: 1,
  });
  const ups: ImageLayer[] = [], downs: ImageLayer[] = []; // oldest first; newest first
  let newest = ends(start), fading: typeof newest | undefined;

  return {
    generator,
    discriminator,
    latentSize,
    generate(z, { alpha }) {
      return this.draw(z, alpha);
    },
    draw(z, alpha) {
      const flat = leakyRelu(first(pixelNorm(z))); // [N, start · start · width]
      let x = cambium.tf.reshape<tf.Rank.R4>(flat, [-1, start, start, width]), before = x;
      for (const up of ups) [before, x] = [x, up(cambium.upsampleNearest(x))];
      if (!fading) return newest.toImage(x);
      const old = cambium.upsampleNearest(fading.toImage(before));
      return lerp(old, newest.toImage(x), alpha);
    },
    score(images, alpha) {
      let x = newest.fromImage(images);
      downs.forEach((down, i) => {
        x = cambium.downsampleAverage(down(x));
        if (i > 0 || !fading) return;
        x = lerp(fading.fromImage(cambium.downsampleAverage(images)), x, alpha);
      });
      x = last(cambium.minibatchStddev(x));
      return judge(cambium.tf.reshape<tf.Rank.R2>(x, [images.shape[0], -1]));
    },
    grow(resolution) {
      fading = newest;
      ups.push(layer(generator, `${resolution}px`));
      downs.unshift(layer(discriminator, `${resolution}px`));
      newest = ends(resolution);
    },
    stabilize() {
      if (!fading) return;
      generator.scope(`${fading.resolution}px`).scope("to_image").remove();
      discriminator.scope(`${fading.resolution}px`).scope("from_image").remove();
      fading = undefined;
    },
  };
}

export default cambium.definePlugin({
  name: "my-model",
  description: "A GAN that grows by resolution",
  kind: "model",
  config: cambium.object({
    latentSize: field.integer("Length of z", 64, { minimum: 1 }),
    width: field.integer("Features of every layer", 24, { minimum: 1 }),
  }),
  build({ config, run, dataset: { channels } }) {
    return createModel(run.seed, { ...config, channels, start: run.startResolution });
  },
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { config, model, phase } = context;
      return cambium.adversarialTerms(context, {
        real({ tensors: { images }, alpha }) { // [N, R, R, C] in [-1, 1]
          return phase.kind === "fade" ? cambium.fadeReals(images, alpha) : images;
        },
        fake: ({ size, alpha }) => model.draw(randomNormal([size, config.latentSize]), alpha),
        score: (images, { alpha }) => model.score(images, alpha),
      });
    },
  },
});
