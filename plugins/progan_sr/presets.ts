/** The presets of ProGAN-SR. */
import type { Preset } from "../../core/mod.ts";

/**
 * Shared by the presets for small machines: narrow networks, and short phases below 128 px, because
 * the residual of a small resolution is learned quickly. The moving average is short, too: its
 * half-life must be well below the length of a fade, or the averaged generator still contains the
 * new layers' random initialization when they already count. (With a half-life of 1,000 images it
 * was 2.5 dB behind the live generator at the end of a fade of 3,000, and 0.4 dB another 4,000
 * images later.)
 */
const small = {
  startResolution: 8,
  resolution: 128,
  scale: 2,
  channels: 24,
  criticMax: 32,
  loss: "non_saturating",
  penalty: "r1",
  penaltyEvery: 8,
  criticSteps: 1,
  learningRate: 0.002,
  beta1: 0,
  beta2: 0.99,
  epsilon: 1e-8,
  previewCount: 64,
  emaImages: 500,
  sampleEvery: 4000,
  checkpointEvery: 4000,
  sched: [
    "8:16:::1k",
    "16:16::1k:2k",
    "32:16::2k:6k",
    "64:16::3k:10k",
    "128:8::3k:30k",
    "256:4::5k:40k",
  ],
} as const;

/**
 * For photographs, by pixels alone: no critic, crops of whole pictures, MATLAB's reduction. Three
 * blocks at 32 px, which train quickly, and three more at 64 px, because at 32 px nearly every
 * pixel sees the border of its crop. The learning rate falls to a hundredth along half a cosine
 * that starts with 64 px.
 */
const photo = {
  startResolution: 32,
  resolution: 64,
  scale: 2,
  generator: "shuffle",
  channels: 32,
  blocks: 3,
  crops: "anywhere",
  reduction: "imresize",
  adversarialWeight: 0,
  perceptual: "none",
  pixelWeight: 1,
  learningRate: 0.001,
  finalRate: 0.01,
  decayFrom: 0.4,
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  resetOptimizer: false,
  emaImages: 5000,
  previewCount: 32,
  sampleEvery: 40_000,
  checkpointEvery: 40_000,
  sched: ["32:16:::200k", "64:8::4k:280k"],
} as const;

export const proganSrPresets = {
  perceptual: {
    description: "Sharp edges: VGG-19's relu1_2, a critic and a pixel term; for two CPU cores",
    values: {
      ...small,
      sched: [...small.sched],
      gamma: 1,
      adversarialWeight: 0.01,
      perceptual: "relu1_2",
      perceptualWeight: 1,
      pixelWeight: 0.5,
    },
  },
  distortion: {
    description:
      "Pixel difference, hardly any critic: true to the pixels, softer edges; needs no VGG-19",
    values: {
      ...small,
      sched: [...small.sched],
      gamma: 1,
      adversarialWeight: 0.0001,
      perceptual: "none",
      pixelWeight: 10,
      penaltyEvery: 16,
    },
  },
  photo: {
    description:
      "Photographs, on pixels alone: a shuffle generator that learns from crops; needs no VGG-19",
    values: { ...photo, sched: [...photo.sched] },
  },
  "photo-gan": {
    description:
      "Continues photo, with --from: adds a critic, VGG-19 and EfficientNet-lite0 for sharper looks",
    values: {
      ...photo,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 1,
      penaltyEvery: 8,
      criticMax: 64,
      adversarialWeight: 0.02,
      criticRate: 4,
      perceptual: "relu1_2",
      perceptualWeight: 2,
      featuresWeight: 4,
      pixelWeight: 0.5,
      learningRate: 0.0003,
      decayFrom: 0.1,
      beta1: 0,
      sched: ["32:16:::20k", "64:8::4k:100k"],
    },
  },
  seed: {
    description: "The original recipe: WGAN-GP, 5 critic steps, 256 epochs per phase; for a GPU",
    values: {
      startResolution: 8,
      resolution: 256,
      scale: 2,
      batch: 16,
      epochs: 256,
      loss: "wgan",
      penalty: "wgan_gp",
      lambda: 5,
      penaltyEvery: 1,
      criticSteps: 5,
      learningRate: 0.01,
      beta1: 0.5,
      beta2: 0.9,
      epsilon: 1e-7,
      perceptual: "relu1_2",
      perceptualWeight: 1,
      pixelWeight: 0,
      adversarialWeight: 1,
    },
  },
} satisfies Record<string, Preset>;
