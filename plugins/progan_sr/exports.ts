/** The averaged generator for other programs. */
import { clamp, type ExportedEnlarger, type OpenedRun, type tf } from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { automaticSide } from "./upscale/tiles.ts";

/** [N, H, W, C] in [-1, 1] to [N, H · scale, W · scale, C], any height and width. */
export function proganSrExports({ model, context }: OpenedRun<ProganSrModel>): ExportedEnlarger {
  const { scale, channels } = model, { alpha } = context;
  return {
    kind: "enlarge",
    scale,
    reach: model.reach(),
    side: automaticSide(Number(context.config.channels), scale),
    functions: {
      enlarge: {
        inputs: { low: { shape: ["N", "H", "W", channels] } },
        run: ({ low }) => ({
          images: clamp(model.enlarge(low as tf.Tensor4D, alpha), -1, 1), // as declared
        }),
      },
    },
  };
}
