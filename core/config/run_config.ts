/** The options that every run has, whatever its plugins: schedule, losses, optimizer, intervals. */
import { LABEL_LOSSES } from "../losses/loss_by_name.ts";
import { LARGEST_SEED } from "../seed.ts";
import * as field from "./field.ts";
import { lossField, penaltyField, penaltyWeightFields } from "./loss_fields.ts";
import { type ConfigOf, object } from "./schema.ts";

/** The schema of a run's own options; plugins add theirs. */
export const runSchema = object({
  // growing
  startResolution: field.integer("First resolution, px per side", 4, { minimum: 4, maximum: 1024 }),
  // Runs of versions without this option have no block below the first resolution that they train.
  firstBlock: field.integer(
    "Smallest block of the networks, px; 0: the first resolution",
    0,
    { minimum: 0, maximum: 1024 },
  ),
  resolution: field.integer("Final resolution, px per side", 64, { minimum: 4, maximum: 1024 }),
  fadeImages: field.integer("Images over which a new resolution is faded in", 60_000, {
    minimum: 0,
  }),
  stabilizeImages: field.integer("Images for which a resolution is stabilized", 100_000, {
    minimum: 0,
  }),
  alphaStep: field.number(
    "Increase of alpha per batch in a fade, such as 0.001 for fades of 1,000 batches; 0: fades " +
      "are measured in images or epochs",
    0,
    { minimum: 0, maximum: 1 },
  ),
  epochs: field.integer(
    "Length in epochs of each stabilization and, without --alpha-step, of each fade; 0: in images",
    0,
    { minimum: 0 },
  ),
  batch: field.integer("Batch size; 0: chosen for each resolution", 0, {
    minimum: 0,
    maximum: 4096,
  }),
  sched: field.texts(
    "Schedule per resolution, RES:BATCH:RATE:FADE:STABILIZE, such as 64:16:0.002:60k:400k; a " +
      "part that is empty or omitted keeps the preset's or automatic value",
    [],
  ),
  images: field.integer("Stop after this many images; 0: at the end of the schedule", 0, {
    minimum: 0,
  }),
  stopAfter: field.duration(
    "Stop each session after this long, such as 60m or 8h; 0: no limit",
    "0",
  ),
  // losses
  loss: lossField("non_saturating"),
  penalty: penaltyField("r1"),
  ...penaltyWeightFields(),
  gammaFrom: field.integer(
    "Above this resolution γ grows with the image area: γ · (R / this)²; 0: the same γ at all resolutions",
    0,
    { minimum: 0, maximum: 1024 },
  ),
  penaltyEvery: field.integer("Apply the penalty only at every n-th step, scaled by n", 8, {
    minimum: 1,
  }),
  drift: field.number("Weight of E[D(real)²] (WGAN's drift term)", 0, { minimum: 0 }),
  clip: field.number(
    "Bound to which the discriminator's weights are clipped, for an initial standard deviation " +
      "of 0.02 (as in DCGAN); equalized weights start with 1, so their bound is 50 times as " +
      "wide; 0: the default of the loss. Only wgan_clipped clips",
    0,
    { minimum: 0 },
  ),
  criticSteps: field.integer("Discriminator steps per cycle", 1, { minimum: 1, maximum: 100 }),
  generatorSteps: field.integer("Generator steps per cycle", 1, { minimum: 1, maximum: 100 }),
  // stabilizers
  labelSmoothing: field.number(
    `One-sided label smoothing: the target of reals is 1 minus this (${LABEL_LOSSES.join(", ")})`,
    0,
    { minimum: 0, maximum: 0.5 },
  ),
  labelFlips: field.number("Share of real labels to flip (same losses)", 0, {
    minimum: 0,
    maximum: 0.5,
  }),
  instanceNoise: field.number(
    "Standard deviation of noise added to the discriminator's images",
    0,
    {
      minimum: 0,
    },
  ),
  noiseOn: field.choice("Images that the noise is added to", "both", ["both", "reals"]),
  stabilizerImages: field.integer(
    "Images of each phase over which smoothing, flips and noise decay to 0; 0: the whole " +
      "resolution, including the fade",
    0,
    { minimum: 0 },
  ),
  // optimizer
  optimizer: field.choice("Optimizer", "adam", ["adam", "rmsprop"]),
  learningRate: field.number("Learning rate, unless --sched sets one", 0.0015, { minimum: 1e-8 }),
  finalRate: field.number(
    "Learning rate at the end of the schedule, as a fraction of the phase's rate; 1: constant",
    1,
    {
      minimum: 0,
      maximum: 1,
    },
  ),
  decayFrom: field.number(
    "Fraction of the schedule after which the learning rate decays (cosine)",
    0.3,
    {
      minimum: 0,
      maximum: 0.99,
    },
  ),
  decayPeriods: field.texts(
    "Periods in which the learning rate decays, as first and last image, such as 0:100k, " +
      "100k:300k; none: over the schedule",
    [],
  ),
  beta1: field.number("Adam's β1", 0, { minimum: 0, maximum: 0.9999 }),
  beta2: field.number("Adam's β2, or RMSprop's decay", 0.99, { minimum: 0, maximum: 0.99999 }),
  epsilon: field.number("The optimizer's ε", 1e-8, { minimum: 0 }),
  resetOptimizer: field.boolean("Reset the optimizer's moments at each growth", true),
  emaImages: field.number(
    "Half-life of the generator's moving average, in images; 0: no average",
    5500,
    {
      minimum: 0,
    },
  ),
  emaDecay: field.number(
    "Decay per batch of the generator's moving average, such as 0.999; 0: set by --ema-images",
    0,
    { minimum: 0, maximum: 0.999999 },
  ),
  // data
  flip: field.boolean("Mirror half of the images", true),
  // intervals
  sampleEvery: field.integer("Images between sample grids", 20_000, { minimum: 1 }),
  checkpointEvery: field.integer("Images between checkpoints", 50_000, { minimum: 1 }),
  keepCheckpoints: field.integer("Checkpoints to keep", 3, { minimum: 2, maximum: 1000 }),
  keepSamples: field.integer("Sample grids to keep; 0: all of them", 400, { minimum: 0 }),
  statsEvery: field.integer("Images between points of the curves", 1000, { minimum: 1 }),
  metricsEvery: field.integer("Images between measurements of SWD; 0: never", 0, { minimum: 0 }),
  metricsImages: field.integer("Images per measurement of SWD", 2048, { minimum: 64 }),
  metricsSplit: field.choice("Data that SWD compares samples with", "train", ["train", "held-out"]),
  previewTruncation: field.number("Truncation ψ of sample grids, if the model supports it", 1, {
    minimum: 0,
    maximum: 2,
  }),
  previewCount: field.integer("Cells of a sample grid", 64, { minimum: 1, maximum: 1024 }),
  progress: field.choice("Format of the animation of the sample grids", "webp", [
    "webp",
    "gif",
    "both",
  ]),
  // machine
  seed: field.integer("Random seed", 0, { minimum: 0, maximum: LARGEST_SEED }),
  precision: field.choice(
    "Arithmetic of training steps; auto: bfloat16 if the processor has instructions for it",
    "float32",
    ["float32", "bfloat16", "auto"],
  ),
});

/** The resolved options of a run. */
export type RunConfig = ConfigOf<typeof runSchema>;
