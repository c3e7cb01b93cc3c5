/** ProGAN's networks (Karras et al. 2018, "Progressive Growing of GANs", table 2). */
import {
  createParameters,
  downsampleAverage,
  equalizedConv2d,
  equalizedDense,
  fromImage,
  type ImageLayer,
  leakyRelu,
  lerp,
  minibatchStddev,
  type Model,
  type Parameters,
  pixelNorm,
  randomNormal,
  type StepContext,
  tf,
  toImage,
  upsampleNearest,
} from "../../core/mod.ts";
import { channelsAt, type ProganConfig } from "./config.ts";

export interface ProganModel extends Model {
  /** Images [N, R, R, C] of random latents, for a training step. */
  draw(step: StepContext): tf.Tensor4D;
  /** Scores [N, 1] of images [N, R, R, C]. */
  score(images: tf.Tensor4D, alpha: tf.Scalar | number): tf.Tensor2D;
  grow(resolution: number): void;
  stabilize(): void;
}

/** What the networks depend on, besides the options. */
export interface ProganShape {
  seed: number;
  startResolution: number;
  channels: number;
}

/** Leaky ReLU, then pixel norm, which gives each pixel's features unit power. */
const normalized: ImageLayer = (x) => pixelNorm(leakyRelu(x));

/** Two 3×3 convolutions, each with its activation. */
function pair(
  parameters: Parameters,
  [inChannels, between, outChannels]: readonly [number, number, number],
  activate: ImageLayer,
): ImageLayer {
  const first = equalizedConv2d(parameters.scope("conv0"), { inChannels, outChannels: between });
  const second = equalizedConv2d(parameters.scope("conv1"), { inChannels: between, outChannels });
  return (x) => activate(second(activate(first(x))));
}

/** Builds the networks at their first resolution. */
export function createProgan(
  config: ProganConfig,
  { seed, startResolution: start, channels }: ProganShape,
): ProganModel {
  const generator = createParameters("generator", seed);
  const discriminator = createParameters("discriminator", seed);
  const at = (r: number) => {
    const image = { featureChannels: channelsAt(config, r), imageChannels: channels };
    const enter = fromImage(discriminator.scope(`${r}px`).scope("from_image"), image);
    return {
      r,
      toImage: toImage(generator.scope(`${r}px`).scope("to_image"), image),
      fromImage: (x: tf.Tensor4D) => leakyRelu(enter(x)),
    };
  };

  const width = channelsAt(config, start), area = start ** 2;
  const entry = generator.scope(`${start}px`);
  const dense = equalizedDense(entry.scope("dense"), {
    inFeatures: config.latentSize,
    outFeatures: width * area,
    gain: Math.SQRT2 / 4, // as in the paper's code; the dense layer's inputs have unit power
  });
  const first = equalizedConv2d(entry.scope("conv"), { inChannels: width, outChannels: width });
  const last = discriminator.scope("last");
  const lastConv = equalizedConv2d(last.scope("conv"), {
    inChannels: width + (config.stddevGroup > 0 ? 1 : 0), // plus the minibatch standard deviation
    outChannels: width,
  });
  const summary = equalizedDense(last.scope("dense"), {
    inFeatures: width * area,
    outFeatures: width,
  });
  const scores = equalizedDense(last.scope("score"), {
    inFeatures: width,
    outFeatures: 1,
    gain: 1,
  });

  const ups: ImageLayer[] = [], downs: ImageLayer[] = []; // oldest first; newest first
  let newest = at(start), fading: typeof newest | undefined;

  function synthesize(z: tf.Tensor2D, alpha: tf.Scalar | number): tf.Tensor4D {
    const grid = tf.reshape<tf.Rank.R4>(dense(pixelNorm(z)), [-1, start, start, width]);
    let x = normalized(first(normalized(grid))), before = x;
    for (const up of ups) [before, x] = [x, up(upsampleNearest(x))];
    if (!fading) return newest.toImage(x);
    return lerp(upsampleNearest(fading.toImage(before)), newest.toImage(x), alpha);
  }

  return {
    generator,
    discriminator,
    latentSize: config.latentSize,
    generate: (z, { alpha }) => synthesize(z, alpha),
    draw: ({ size, alpha }) => synthesize(randomNormal([size, config.latentSize]), alpha),
    score(images, alpha) {
      let x = newest.fromImage(images);
      downs.forEach((down, i) => {
        x = downsampleAverage(down(x));
        if (i === 0 && fading) x = lerp(fading.fromImage(downsampleAverage(images)), x, alpha);
      });
      if (config.stddevGroup > 0) x = minibatchStddev(x, config.stddevGroup);
      const y = leakyRelu(lastConv(x)); // [N, start, start, width]
      return scores(leakyRelu(summary(tf.reshape<tf.Rank.R2>(y, [y.shape[0], -1]))));
    },
    grow(resolution) {
      const from = channelsAt(config, resolution / 2), to = channelsAt(config, resolution);
      fading = newest;
      ups.push(pair(generator.scope(`${resolution}px`), [from, to, to], normalized));
      downs.unshift(pair(discriminator.scope(`${resolution}px`), [to, to, from], leakyRelu));
      newest = at(resolution);
    },
    stabilize() {
      if (!fading) return;
      generator.scope(`${fading.r}px`).scope("to_image").remove();
      discriminator.scope(`${fading.r}px`).scope("from_image").remove();
      fading = undefined;
    },
  };
}
