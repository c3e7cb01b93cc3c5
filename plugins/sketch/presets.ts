/** Named configurations of the sketch plugin. */
import type { Preset } from "../../core/mod.ts";

export const sketchPresets = {
  small: {
    description: "Made for two CPU cores: 64 px",
    values: {
      resolution: 64,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 0.1,
      penaltyEvery: 4,
      emaImages: 4000,
      sched: [
        "4:16:0.0012::2k",
        "8:16:0.0012:4k:6k",
        "16:16:0.0012:6k:30k",
        "32:16:0.0012:10k:50k",
        "64:16:0.001:12k:40k",
      ],
    },
  },
} satisfies Record<string, Preset>;
