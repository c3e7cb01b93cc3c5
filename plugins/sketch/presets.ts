/** The presets of the sketch plugin. */
import type { Preset } from "../../core/mod.ts";

export const sketchPresets = {
  // High learning rates as in StyleGAN's small preset: at 0.001, equalized weights end close to
  // their initialization and parts remain blotches. The critic learns at twice the rate; with gamma
  // 0.1 it would overpower the generator.
  small: {
    description: "For two CPU cores: 64 px",
    values: {
      resolution: 64,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 1,
      penaltyEvery: 4,
      emaImages: 4000,
      sched: [
        "4:16:0.01::2k",
        "8:16:0.01:4k:6k",
        "16:16:0.01:6k:30k",
        "32:16:0.01:10k:50k",
        "64:16:0.006:12k:40k",
      ],
    },
  },
  // Taken from the original: 4 to 16 px, alpha's step, a critic of the merged sketch, and label
  // flips and noise on reals that decay. The share of flips, the noise and the length of a
  // stabilization are ours.
  seed: {
    description:
      "The original's recipe: 4 to 16 px, alpha + 0.001 per batch, decaying flips and noise",
    values: {
      resolution: 16,
      batch: 16,
      alphaStep: 0.001,
      stabilizeImages: 16_000,
      learningRate: 0.001,
      loss: "non_saturating",
      penalty: "none",
      labelFlips: 0.05,
      instanceNoise: 0.1,
      noiseOn: "reals",
      stabilizerImages: 0,
      layers: 1,
      secondLayers: 2,
      skips: false,
      overflow: 1,
      criticSees: "merge",
      criticDenseLayers: 2,
      criticRate: 1,
      stddevGroup: 0,
      partOrder: 0,
    },
  },
} satisfies Record<string, Preset>;
