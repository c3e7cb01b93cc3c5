/** Named configurations of StyleGAN. */
import type { Preset } from "../../core/mod.ts";

export const styleganPresets = {
  // A small run has some ten thousand steps. Equalized weights start as N(0, 1) and Adam moves them
  // by about the learning rate a step: at the papers' 0.001 to 0.003 they end close to where they
  // began, and the pictures stay blots. At 0.01 faces have eyes and mouths at 32 px, at 0.004 not.
  small: {
    description: "For two CPU cores; 16 px within minutes, 64 px at the end",
    values: {
      architecture: "stylegan2",
      firstBlock: 4,
      mappingLayers: 4,
      mappingRate: 0.1,
      // With half of these, 64 at 32 px and 32 beyond, shapes and fine levels are learned more
      // slowly than the steps are faster.
      channelMin: 32,
      emaImages: 10_000,
      limits: true, // grounds are white, not nearly so: a third less KID at 16 px, as good in SWD
      pairWeight: 5, // better at each level than a third more images without
      noise: false, // after each growth it is used for specks that take 30,000 images to go
      clusters: 20, // a class at a time is soon learned: faces, people, clocks at 16 px
      mixing: 0, // smoother pictures and a smaller KID than 0.9; SWD is slightly worse
      flip: false, // mirrored, things are lit from the other side: not what the data has
      resolution: 64,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 1,
      gammaFrom: 16,
      penaltyEvery: 8,
      finalRate: 0.1,
      decayFrom: 0.55, // where an hour begins 64 px, whose finest level needs the rate
      precision: "auto",
      previewTruncation: 0.7,
      // Shapes are learned at 16 and 32 px: with a third of the images there, 64 px draws blots.
      sched: [
        "4:16:0.01::4k",
        "8:16:0.01:4k:8k",
        "16:16:0.01:6k:34k", // shapes that another 24,000 images here hardly change
        "32:16:0.01:6k:36k",
        "64:8:0.008:8k:88k", // smaller steps, more of them: batches of 16 left specks at edges
        // For --resolution 128 and up, where no run has been; the run's own 0.0015 is too slow.
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
        "8:256:::1200k", // both halves of its phase at alpha 1
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
