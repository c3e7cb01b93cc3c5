/** The sketch plugin's own options. */
import { type ConfigOf, field, object, type SketchOptions } from "../../core/mod.ts";

export const sketchSchema = object({
  // data
  split: field.choice(
    "Parts to draw: each after those before it, or each given all others; auto: by the format",
    "auto",
    ["auto", "order", "leave-one-out"],
  ),
  blank: field.choice(
    "Also learn the first part, on blank paper, for whole sketches from nothing; auto: with boxes",
    "auto",
    ["auto", "yes", "no"],
  ),
  unrecognized: field.boolean(
    "Also learn from drawings that Quick, Draw! did not recognize",
    false,
  ),
  rotate: field.number(
    "Largest rotation of a sketch during training, degrees; -1: 15, or 0 for icons",
    -1,
    {
      minimum: -1,
      maximum: 180,
    },
  ),
  scaleJitter: field.number(
    "Largest change of a sketch's size during training, as a fraction",
    0.1,
    {
      minimum: 0,
      maximum: 0.9,
    },
  ),
  shift: field.number(
    "Largest shift of a sketch during training, as a fraction of the side",
    0.01,
    {
      minimum: 0,
      maximum: 0.5,
    },
  ),
  // layout
  layout: field.choice(
    "How a part is placed: drawn where it belongs, or its box first, then the part in it",
    "whole",
    ["whole", "boxes"],
  ),
  boxComponents: field.integer("Gaussians in the density of the next part's box", 12, {
    minimum: 1,
    maximum: 64,
  }),
  // generator
  latent: field.boolean("Draw from a latent; otherwise from the partial sketch alone", true),
  latentSize: field.integer("Length of the latent z", 64, { minimum: 2, maximum: 1024 }),
  noise: field.boolean("Add noise maps, one per layer", true),
  layers: field.integer("3×3 convolutions in each of a synthesis block's two networks", 1, {
    minimum: 1,
    maximum: 2,
  }),
  secondLayers: field.integer(
    "3×3 convolutions in the second of the two networks, which --layers is then the first's; " +
      "0: as many",
    0,
    { minimum: 0, maximum: 2 },
  ),
  channelBase: field.integer("Channels at resolution R are channelBase / R …", 768, {
    minimum: 16,
  }),
  channelMax: field.integer("… but at most this many", 64, { minimum: 4, maximum: 1024 }),
  channelMin: field.integer("… and at least this many", 12, { minimum: 1, maximum: 512 }),
  skips: field.boolean(
    "Keep the image and input layers of lower resolutions; a new resolution adds to them",
    true,
  ),
  overflow: field.number("Slope of generated parts beyond paper and ink; 1: no bounds", 0.1, {
    minimum: 0,
    maximum: 1,
  }),
  // encoder of the partial sketch
  encoderChannels: field.integer("Maximum channels of the encoder at a resolution", 32, {
    minimum: 1,
    maximum: 512,
  }),
  codeSize: field.integer("Length of the encoder's code, which joins the latent", 32, {
    minimum: 1,
    maximum: 512,
  }),
  labels: field.boolean("Condition on the part's class, where the data has classes", true),
  // critic
  criticSees: field.choice("What the critic sees", "pair", ["pair", "merge"]),
  criticEnter: field.integer("Kernel of the critic's first convolution, px a side", 3, {
    minimum: 1,
    maximum: 5,
  }),
  criticLayers: field.integer("3×3 convolutions per block of the critic", 1, {
    minimum: 1,
    maximum: 2,
  }),
  criticChannels: field.number("Channels of the critic, relative to the generator's", 1, {
    minimum: 0.05,
    maximum: 4,
  }),
  criticDense: field.integer("Features between the critic's dense layers", 64, {
    minimum: 1,
    maximum: 2048,
  }),
  criticDenseLayers: field.integer("Dense layers of the critic, including the score's", 2, {
    minimum: 1,
    maximum: 4,
  }),
  criticRate: field.number("Learning rate of the critic, relative to the generator's (TTUR)", 2, {
    minimum: 0.01,
    maximum: 100,
  }),
  stddevGroup: field.integer("Group size of the minibatch standard deviation; 0: none", 4, {
    minimum: 0,
  }),
  // terms beside the adversarial ones
  sparsity: field.number("Weight of the difference in ink between real and generated parts", 0, {
    minimum: 0,
  }),
  partOrder: field.number(
    "Weight of learning which part comes next, where there are classes",
    0.1,
    {
      minimum: 0,
    },
  ),
  boxWeight: field.number("Weight of learning the next part's box, with boxes", 0.1, {
    minimum: 0,
  }),
  endWeight: field.number("Weight of learning where a drawing ends, from blank paper on", 0.1, {
    minimum: 0,
  }),
});

export type SketchConfig = ConfigOf<typeof sketchSchema>;

/** The options that concern the data; those left at "auto" are absent. */
export function sketchOptions(config: SketchConfig): SketchOptions {
  const { split, unrecognized, rotate, scaleJitter, shift } = config;
  return {
    ...(config.layout === "boxes" ? { boxes: true } : {}),
    ...(beginsBlank(config) ? { fromBlank: true } : {}),
    ...(split === "auto" ? {} : { split }),
    ...(unrecognized ? { unrecognized } : {}),
    ...(rotate < 0 ? {} : { rotate }),
    scale: scaleJitter,
    shift,
  };
}

/** Whether training pairs start from blank paper, and the end of drawings is learned. */
export function beginsBlank({ blank, layout }: SketchConfig): boolean {
  return blank === "auto" ? layout === "boxes" : blank === "yes";
}

/** Channels of the generator at a resolution. */
export function channelsAt(config: SketchConfig, resolution: number): number {
  const wanted = Math.floor(config.channelBase / resolution);
  return Math.max(config.channelMin, Math.min(config.channelMax, wanted));
}

/** Channels of the encoder at a resolution. */
export function encoderChannelsAt(config: SketchConfig, resolution: number): number {
  return Math.min(config.encoderChannels, channelsAt(config, resolution));
}

/** Channels of the critic at a resolution. */
export function criticChannelsAt(config: SketchConfig, resolution: number): number {
  return Math.max(1, Math.round(channelsAt(config, resolution) * config.criticChannels));
}
