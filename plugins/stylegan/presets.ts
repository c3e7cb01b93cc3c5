/** The presets of StyleGAN. */
import type { Preset } from "../../core/mod.ts";

export const styleganPresets = {
  // A small run has about ten thousand steps. Equalized weights start as N(0, 1), and Adam moves
  // them by about the learning rate in each step: at the papers' 0.001 to 0.003 they end close to
  // where they began, and pictures remain blotches. At 0.01 faces have eyes and mouths at 32 px; at
  // 0.004 they do not.
  small: {
    description: "For two CPU cores; 16 px within minutes, 64 px at the end",
    values: {
      architecture: "stylegan2",
      firstBlock: 4,
      mappingLayers: 4,
      mappingRate: 0.1,
      // Half of these channels (64 at 32 px, 32 above) make steps faster, but shapes and fine
      // levels are learned even more slowly.
      channelMin: 32,
      emaImages: 10_000,
      limits: true, // backgrounds become exactly white: a third less KID at 16 px, equal SWD
      pairWeight: 5, // better at each level than a third more images without it
      // after each growth, noise is used for specks that take 30,000 images to disappear
      noise: false,
      clusters: 20, // single classes are learned quickly: faces, people, clocks at 16 px
      mixing: 0, // smoother pictures and a lower KID than 0.9; SWD is slightly worse
      flip: false, // mirrored objects would be lit from the wrong side, unlike the data
      resolution: 64,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 1,
      gammaFrom: 16,
      penaltyEvery: 8,
      finalRate: 0.1,
      decayFrom: 0.55, // where 64 px begins after an hour; its finest level needs the full rate
      precision: "auto",
      previewTruncation: 0.7,
      // Shapes are learned at 16 and 32 px; with a third of the images there, 64 px draws blotches.
      sched: [
        "4:16:0.01::4k",
        "8:16:0.01:4k:8k",
        "16:16:0.01:6k:34k", // another 24,000 images here hardly change the shapes
        "32:16:0.01:6k:36k",
        "64:8:0.008:8k:88k", // more and smaller batches: batches of 16 left specks at edges
        // For --resolution 128 and up, which no run has tried; the run's default of 0.0015 is too
        // slow.
        "128:8:0.003:16k:600k",
        "256:4:0.002:24k:800k",
      ],
    },
  },
  paper: {
    description: "StyleGAN's own widths and schedule (Karras et al. 2019); for a GPU",
    values: {
      architecture: "stylegan",
      firstBlock: 4,
      startResolution: 8,
      resolution: 256,
      fadeImages: 600_000,
      stabilizeImages: 600_000,
      latentSize: 512,
      mappingLayers: 8,
      channelBase: 16_384,
      channelMax: 512,
      normEpsilon: 1e-8,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 10,
      penaltyEvery: 1,
      learningRate: 0.001,
      beta1: 0,
      beta2: 0.99,
      emaImages: 10_000,
      sched: [
        "8:128",
        "16:128",
        "32:64",
        "64:32",
        "128:16:0.0015",
        "256:8:0.002",
        "512:4:0.003",
        "1024:4:0.003",
      ],
      sampleEvery: 100_000,
      checkpointEvery: 200_000,
    },
  },
  akoa: {
    description:
      "As rosinality's style-based-gan-pytorch with --sched and --mixing: WGAN-GP, paper's " +
      "widths; for a GPU",
    values: {
      architecture: "stylegan",
      firstBlock: 4,
      startResolution: 8,
      resolution: 256,
      fadeImages: 600_000,
      stabilizeImages: 600_000,
      latentSize: 512,
      mappingLayers: 8,
      channelBase: 16_384,
      channelMax: 512,
      loss: "wgan",
      penalty: "wgan_gp",
      lambda: 10,
      penaltyEvery: 1,
      drift: 0.001,
      learningRate: 0.001,
      beta1: 0,
      beta2: 0.99,
      mixing: 0.9,
      emaDecay: 0.999,
      resetOptimizer: false,
      sched: [
        "8:256:::1200k", // the fade and the stabilization of its phase, both at alpha 1
        "16:128",
        "32:64",
        "64:32",
        "128:32:0.0015",
        "256:32:0.002",
        "512:32:0.003",
        "1024:32:0.003",
      ],
      sampleEvery: 100_000,
      checkpointEvery: 200_000,
    },
  },
} satisfies Record<string, Preset>;
