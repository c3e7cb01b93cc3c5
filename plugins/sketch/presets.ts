/** Named configurations of the sketch plugin. */
import type { Preset } from "../../core/mod.ts";

export const sketchPresets = {
  small: {
    description: "Made for two CPU cores: 64 px",
    values: {
      resolution: 64,
      loss: "non_saturating",
      penalty: "r1",
      gamma: 1,
      penaltyEvery: 4,
      sched: [
        "4:16:0.002::6k",
        "8:16:0.002:6k:12k",
        "16:16:0.002:10k:20k",
        "32:16:0.002:16k:40k",
        "64:16:0.0015:24k:100k",
      ],
    },
  },
} satisfies Record<string, Preset>;
