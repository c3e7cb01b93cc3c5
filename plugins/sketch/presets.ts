/** Named configurations of the sketch plugin. */
import type { Preset } from "../../core/mod.ts";

export const sketchPresets = {
  // As in StyleGAN's small preset: at rates of 0.001 equalized weights end close to where they began, and parts stay
  // blotches. The critic learns at twice the rate; gamma 0.1 would let it run away from the generator.
  small: {
    description: "Made for two CPU cores: 64 px",
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
} satisfies Record<string, Preset>;
