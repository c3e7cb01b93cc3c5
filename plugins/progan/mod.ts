/**
 * ProGAN without classes (Karras et al. 2018, "Progressive Growing of GANs"): pixel norm, minibatch
 * standard deviation and WGAN-GP. Each resolution fades in and stabilizes for the same number of
 * epochs.
 */
import { adversarialTerms, definePlugin, fadeReals, warnOfLoneSample } from "../../core/mod.ts";
import { proganSchema } from "./config.ts";
import { createProgan } from "./model.ts";

export default definePlugin({
  name: "progan",
  description: "ProGAN: pixel norm, minibatch standard deviation, WGAN-GP, growing by epochs",
  kind: "model",
  data: "images",
  config: proganSchema,
  presets: {
    small: {
      description: "8 to 64 px, 8 epochs of fading and 8 of stabilizing at each; for two CPU cores",
      values: {
        firstBlock: 4,
        startResolution: 8,
        resolution: 64,
        epochs: 8,
        batch: 16,
        loss: "wgan",
        penalty: "wgan_gp",
        lambda: 10,
        penaltyEvery: 1,
        drift: 0.001,
        learningRate: 0.002,
        beta1: 0,
        beta2: 0.99,
      },
    },
  },
  defaultPreset: "small",
  build: ({ config, run, dataset }) =>
    createProgan(config, {
      seed: run.seed,
      startResolution: run.startResolution,
      channels: dataset.channels,
    }),
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { config, model, phase } = context;
      warnOfLoneSample(context, config.stddevGroup);
      return adversarialTerms(context, {
        real: ({ tensors, alpha }) =>
          phase.kind === "fade" ? fadeReals(tensors.images, alpha) : tensors.images,
        fake: (step) => model.draw(step),
        score: (images, { alpha }) => model.score(images, alpha),
      });
    },
  },
});
