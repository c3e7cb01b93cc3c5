/** The network of a run, as pictures of any size need it. */
import type { OpenedRun } from "../../../core/mod.ts";
import type { ProganSrModel } from "../model.ts";
import type { Enlarger } from "./upscale.ts";

/** The network with the weights that it has at the time. */
export function networkOf(
  { model, context: { alpha, config } }: OpenedRun<ProganSrModel>,
): Enlarger {
  return {
    scale: model.scale,
    channels: model.channels,
    reach: model.reach(),
    // photographs' chroma is soft; a stacked grey network is for drawings in plain colours, too
    colors: config.generator === "shuffle" ? "luma" : "each",
    enlarge: (low) => model.enlarge(low, alpha),
  };
}
