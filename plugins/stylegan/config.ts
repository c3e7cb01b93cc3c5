/** StyleGAN's own options. */
import { type ConfigOf, field, object } from "../../core/mod.ts";

/** With `--pair-weight`, the layers above continue pictures of this side, px. */
export const PAIR_RESOLUTION = 16;

export const styleganSchema = object({
  // The first is the default because runs from before this option existed trained it; the default
  // preset sets the second.
  architecture: field.choice("Layers of StyleGAN (2019) or StyleGAN2 (2020)", "stylegan", [
    "stylegan",
    "stylegan2",
  ]),
  latentSize: field.integer("Length of z and w", 128, { minimum: 4, maximum: 1024 }),
  mappingLayers: field.integer("Dense layers of the mapping network", 6, {
    minimum: 1,
    maximum: 16,
  }),
  mappingRate: field.number("Learning rate of the mapping network, relative to the run's", 0.01, {
    minimum: 1e-4,
    maximum: 1,
  }),
  channelBase: field.integer("Channels at resolution R are channelBase / R …", 2048, {
    minimum: 16,
  }),
  channelMax: field.integer("… but at most this many", 128, { minimum: 4, maximum: 1024 }),
  channelFalloff: field.number("… falling by this power of R beyond channelBase / channelMax", 1, {
    minimum: 0,
    maximum: 4,
  }),
  channelMin: field.integer("… and at least this many", 16, { minimum: 1, maximum: 512 }),
  mixing: field.number("Probability that an image mixes two styles (mixing regularization)", 0.9, {
    minimum: 0,
    maximum: 1,
  }),
  noise: field.boolean(
    "Add noise maps to the features of each layer, with a learned strength",
    true,
  ),
  filter: field.choice("Filter for up- and downsampling; nearest: stylegan only", "blur", [
    "blur",
    "nearest",
  ]),
  limits: field.boolean(
    "Limit pictures to [-1, 1] at every level, for flat backgrounds; stylegan2 only",
    false,
  ),
  pairWeight: field.number(
    "Weight of what layers above 16 px learn from pairs of reals and their 16 px versions; stylegan2 only",
    0,
    { minimum: 0 },
  ),
  normEpsilon: field.number("ε of instance norms; stylegan only", 1e-5, {
    minimum: 1e-12,
    maximum: 1e-2,
  }),
  stddevGroup: field.integer("Group size of the minibatch standard deviation; 0: none", 4, {
    minimum: 0,
  }),
  meanRate: field.number("Rate at which the running mean of w is updated, for truncation", 0.005, {
    minimum: 0,
    maximum: 1,
  }),
  labels: field.boolean("Condition on the data's labels (folder names)", false),
  clusters: field.integer(
    "Without labels: sort pictures into at most this many classes and condition on them",
    0,
    { minimum: 0, maximum: 100 },
  ),
});

export type StyleganConfig = ConfigOf<typeof styleganSchema>;

/**
 * Channels at a resolution: as in Karras et al. 2018, table 2, scaled by the options. With a
 * falloff of 2, the cost of a convolution falls by 4 with each resolution instead of staying the
 * same.
 */
export function channelsAt(config: StyleganConfig, resolution: number): number {
  const { channelBase, channelMax, channelFalloff, channelMin } = config;
  // 1 where channelMax applies
  const narrowing = Math.max(1, resolution * channelMax / channelBase);
  const wanted = Math.floor(channelMax / narrowing ** channelFalloff);
  return Math.max(channelMin, Math.min(channelMax, wanted));
}
