/** A run's network as the enlarger of pictures of any size. */
import type { OpenedRun } from "../../../core/mod.ts";
import type { ProganSrModel } from "../model.ts";
import type { Enlarger } from "./upscale.ts";

/** The network with the weights that it has when it is called. */
export function networkOf(
  { model, context: { alpha, config } }: OpenedRun<ProganSrModel>,
): Enlarger {
  return {
    scale: model.scale,
    channels: model.channels,
    reach: model.reach(),
    // The chroma of photographs is soft; a stacked grey network may also have to draw plain
    // colours.
    colors: config.generator === "shuffle" ? "luma" : "each",
    enlarge: (low) => model.enlarge(low, alpha),
  };
}
