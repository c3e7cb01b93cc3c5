/** What every run has, whatever its plugins: schedule, losses, optimizer, intervals. */
import { LABEL_LOSSES } from "../losses/loss_by_name.ts";
import { LARGEST_SEED } from "../seed.ts";
import * as field from "./field.ts";
import { lossField, penaltyField, penaltyWeightFields } from "./loss_fields.ts";
import { type ConfigOf, object } from "./schema.ts";

/** The schema of a run's own options; a plugin adds its own beside them. */
export const runSchema = object({
  // growing
  startResolution: field.integer("First resolution, px a side", 4, { minimum: 4, maximum: 1024 }),
  // Runs of versions without this option have no block below the first resolution that they train.
  firstBlock: field.integer(
    "Smallest block of the networks, px; 0: that of the first resolution",
    0,
    { minimum: 0, maximum: 1024 },
  ),
  resolution: field.integer("Last resolution, px a side", 64, { minimum: 4, maximum: 1024 }),
  fadeImages: field.integer("Images to fade a new resolution in", 60_000, { minimum: 0 }),
  stabilizeImages: field.integer("Images to stabilize at a resolution", 100_000, { minimum: 0 }),
  alphaStep: field.number(
    "Alpha's step a batch in a fade, such as 0.001 for fades of 1,000 batches; 0: by images or " +
      "epochs",
    0,
    { minimum: 0, maximum: 1 },
  ),
  epochs: field.integer(
    "Length of each stabilization and, without --alpha-step, of each fade in epochs; 0: by images",
    0,
    { minimum: 0 },
  ),
  batch: field.integer("Batch size; 0 chooses one a resolution", 0, { minimum: 0, maximum: 4096 }),
  sched: field.texts(
    "Per resolution, RES:BATCH:RATE:FADE:STABILIZE, such as 64:16:0.002:60k:400k; a part that " +
      "is empty or left out keeps the preset's or automatic value",
    [],
  ),
  images: field.integer("Stop after this many images; 0: when the schedule is over", 0, {
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
    "Beyond this resolution γ grows with the picture's area: γ · (R / this)²; 0: the same γ at all",
    0,
    { minimum: 0, maximum: 1024 },
  ),
  penaltyEvery: field.integer("Apply the penalty at every n-th step, scaled by n", 8, {
    minimum: 1,
  }),
  drift: field.number("Weight of E[D(real)²] (WGAN's drift term)", 0, { minimum: 0 }),
  clip: field.number(
    "Bound of the discriminator's weights, for a standard deviation of 0.02 (DCGAN's); " +
      "equalized weights begin with 1, so that theirs is 50 times as wide; 0: the loss's own. " +
      "Only wgan_clipped clips",
    0,
    { minimum: 0 },
  ),
  criticSteps: field.integer("Discriminator steps a cycle", 1, { minimum: 1, maximum: 100 }),
  generatorSteps: field.integer("Generator steps a cycle", 1, { minimum: 1, maximum: 100 }),
  // stabilizers
  labelSmoothing: field.number(
    `One-sided smoothing: target of reals is 1 minus this (${LABEL_LOSSES.join(", ")})`,
    0,
    { minimum: 0, maximum: 0.5 },
  ),
  labelFlips: field.number("Share of real labels flipped (the same losses)", 0, {
    minimum: 0,
    maximum: 0.5,
  }),
  instanceNoise: field.number("Standard deviation of noise on the discriminator's images", 0, {
    minimum: 0,
  }),
  noiseOn: field.choice("Images that get the noise", "both", ["both", "reals"]),
  stabilizerImages: field.integer(
    "Images of each phase over which the three decay to 0; 0: the whole of a resolution, fade " +
      "included",
    0,
    { minimum: 0 },
  ),
  // optimizer
  optimizer: field.choice("Optimizer", "adam", ["adam", "rmsprop"]),
  learningRate: field.number("Learning rate, where --sched gives none", 0.0015, { minimum: 1e-8 }),
  finalRate: field.number(
    "Learning rate at the schedule's end, part of the phase's; 1: constant",
    1,
    {
      minimum: 0,
      maximum: 1,
    },
  ),
  decayFrom: field.number("Part of the schedule after which the rate falls (a cosine)", 0.3, {
    minimum: 0,
    maximum: 0.99,
  }),
  decayPeriods: field.texts(
    "Periods over each of which the rate falls, first and last image, such as 0:100k, " +
      "100k:300k; none: the schedule",
    [],
  ),
  beta1: field.number("Adam's β1", 0, { minimum: 0, maximum: 0.9999 }),
  beta2: field.number("Adam's β2, RMSprop's decay", 0.99, { minimum: 0, maximum: 0.99999 }),
  epsilon: field.number("The optimizer's ε", 1e-8, { minimum: 0 }),
  resetOptimizer: field.boolean("Forget the optimizer's moments at each growth", true),
  emaImages: field.number("Half-life of the averaged generator, images; 0 averages nothing", 5500, {
    minimum: 0,
  }),
  emaDecay: field.number(
    "Decay of the averaged generator a batch, such as 0.999; 0: by --ema-images",
    0,
    { minimum: 0, maximum: 0.999999 },
  ),
  // data
  flip: field.boolean("Mirror half of the images", true),
  // intervals
  sampleEvery: field.integer("Images between sample grids", 20_000, { minimum: 1 }),
  checkpointEvery: field.integer("Images between checkpoints", 50_000, { minimum: 1 }),
  keepCheckpoints: field.integer("Checkpoints to keep", 3, { minimum: 2, maximum: 1000 }),
  keepSamples: field.integer("Sample grids to keep; 0: all", 400, { minimum: 0 }),
  statsEvery: field.integer("Images between points of the curves", 1000, { minimum: 1 }),
  metricsEvery: field.integer("Images between measurements of SWD; 0: never", 0, { minimum: 0 }),
  metricsImages: field.integer("Images a measurement of SWD takes", 2048, { minimum: 64 }),
  metricsSplit: field.choice("Data that SWD compares with", "train", ["train", "held-out"]),
  previewTruncation: field.number("Truncation ψ of sample grids, where the model has it", 1, {
    minimum: 0,
    maximum: 2,
  }),
  previewCount: field.integer("Cells of a sample grid", 64, { minimum: 1, maximum: 1024 }),
  progress: field.choice("Kind of the animation of the sample grids", "webp", [
    "webp",
    "gif",
    "both",
  ]),
  // machine
  seed: field.integer("Seed of everything random", 0, { minimum: 0, maximum: LARGEST_SEED }),
  precision: field.choice(
    "Arithmetic of the steps; auto: bfloat16 where the processor has instructions for it",
    "float32",
    ["float32", "bfloat16", "auto"],
  ),
});

/** The resolved options of a run. */
export type RunConfig = ConfigOf<typeof runSchema>;
