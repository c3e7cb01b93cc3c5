/** ProGAN-SR's own options. */
import { ConfigError, type ConfigOf, field, object, VGG_FEATURES } from "../../core/mod.ts";

export const proganSrSchema = object({
  scale: field.integer(
    "Enlargement, 2 or 4: the input is this many times smaller than the output",
    2,
    {
      minimum: 2,
      maximum: 4,
    },
  ),
  reduction: field.choice(
    "How the input is made from an image; imresize is MATLAB's bicubic, rounded to 8 bits",
    "bicubic",
    ["bicubic", "area", "imresize"],
  ),
  crops: field.choice(
    "Training data: the middle square of each image, or crops at any place of whole images",
    "middle",
    ["middle", "anywhere"],
  ),
  degrade: field.choice(
    "Further degradation of the input: web blurs and compresses, camera adds noise; clean: none",
    "clean",
    ["clean", "web", "camera"],
  ),
  generator: field.choice(
    "stacked enlarges features and has an image layer per resolution; shuffle stays at the " +
      "input's size and makes pixels of channels at its end",
    "stacked",
    ["stacked", "shuffle"],
  ),
  blocks: field.integer("Residual blocks that each resolution adds to a shuffle generator", 1, {
    minimum: 1,
    maximum: 64,
  }),
  channels: field.integer("Feature channels of the generator", 32, { minimum: 4, maximum: 512 }),
  blockLayers: field.integer(
    "3×3 convolutions that each resolution adds before the enlargement",
    2,
    {
      minimum: 1,
      maximum: 16,
    },
  ),
  criticBase: field.integer("Critic channels at resolution R are criticBase / R …", 1024, {
    minimum: 16,
  }),
  criticMax: field.integer("… but at most this many", 64, { minimum: 4, maximum: 1024 }),
  criticMin: field.integer("… and at least this many", 16, { minimum: 1, maximum: 512 }),
  criticRate: field.number("Learning rate of the critic, relative to the generator's (TTUR)", 1, {
    minimum: 0.01,
    maximum: 100,
  }),
  stddevGroup: field.integer("Group size of the minibatch standard deviation; 0: none", 4, {
    minimum: 0,
  }),
  adversarialWeight: field.number("Weight of the generator's adversarial term", 1, { minimum: 0 }),
  perceptual: field.choice(
    "Layer of VGG-19 to compare; conv1_1 and conv1_2 are before the ReLU",
    "relu1_2",
    [...VGG_FEATURES, "none"],
  ),
  perceptualWeight: field.number("Weight of the perceptual term", 1, { minimum: 0 }),
  featuresWeight: field.number(
    "Weight of the distance between EfficientNet-lite0's features; 0: none",
    0,
    { minimum: 0 },
  ),
  perceptualFrom: field.integer("First resolution with these two terms, px a side", 32, {
    minimum: 4,
  }),
  vggWeights: field.text(
    "File of VGG-19's weights (safetensors, or Keras' notop HDF5); default: the cache, then " +
      "Keras' own file",
    "",
  ),
  pixelWeight: field.number("Weight of the mean absolute pixel difference; 0: none", 0, {
    minimum: 0,
  }),
});

export type ProganSrConfig = ConfigOf<typeof proganSrSchema>;

/**
 * Whether there is a critic. A stacked generator always has one, so that `--adversarial-weight 0`
 * charts how a critic would judge.
 */
export function hasCritic(
  { generator, adversarialWeight }: Pick<ProganSrConfig, "generator" | "adversarialWeight">,
): boolean {
  return generator === "stacked" || adversarialWeight > 0;
}

/**
 * Asserts that the generator has a loss term from a run's first resolution on.
 * @param first px a side
 * @throws ConfigError naming the flags that add a term
 */
export function expectGeneratorTerm(config: ProganSrConfig, first: number): void {
  const { adversarialWeight, pixelWeight, perceptual, perceptualWeight, featuresWeight } = config;
  if (adversarialWeight > 0 || pixelWeight > 0) return;
  const compares = featuresWeight > 0 || perceptual !== "none" && perceptualWeight > 0;
  if (compares && first >= config.perceptualFrom) return;
  throw new ConfigError(
    `Cannot train the generator at ${first} px: expected a loss term with a weight above 0, ` +
      `received none` +
      (compares ? ` below --perceptual-from ${config.perceptualFrom}` : "") +
      `. Give --pixel-weight 1 or --adversarial-weight 1` +
      (compares
        ? `, or --perceptual-from ${first}`
        : `, or from ${config.perceptualFrom} px on --perceptual relu1_2 or --features-weight 1`),
  );
}

/** The critic's channels at a resolution (Karras et al. 2018, table 2, scaled by the options). */
export function criticChannelsAt(config: ProganSrConfig, resolution: number): number {
  const wanted = Math.floor(config.criticBase / resolution);
  return Math.max(config.criticMin, Math.min(config.criticMax, wanted));
}

/**
 * How many doublings make up the enlargement.
 * @throws ConfigError for a scale that is not a power of two
 */
export function doublingsOf(config: Pick<ProganSrConfig, "scale">): number {
  const doublings = Math.log2(config.scale);
  if (Number.isInteger(doublings)) return doublings;
  throw new ConfigError(`Cannot use --scale: expected 2 or 4, received ${config.scale}`);
}
