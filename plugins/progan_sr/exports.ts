/** The averaged generator for other programs. */
import {
  clamp,
  type ExportedEnlarger,
  type ExportedFunction,
  type OpenedRun,
  type tf,
} from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { networkOf } from "./upscale/network_of.ts";
import { automaticSide } from "./upscale/tiles.ts";
import { fitted } from "./upscale/upscale.ts";

/**
 * [N, H, W, C] in [-1, 1] to [N, H · scale, W · scale, C], any height and width; of a grey model
 * that takes colours by their luma also RGB, as `upscale` does.
 */
export function proganSrExports(run: OpenedRun<ProganSrModel>): ExportedEnlarger {
  const network = networkOf(run), { scale, channels, reach } = network;
  const functionOf = (channels: number): ExportedFunction => {
    const enlarge = fitted(network, channels);
    return {
      inputs: { low: { shape: ["N", "H", "W", channels] } },
      run: ({ low }) => ({ images: clamp(enlarge(low as tf.Tensor4D), -1, 1) }), // as declared
    };
  };
  const isByLuma = channels === 1 && network.colors === "luma";
  return {
    kind: "enlarge",
    scale,
    reach,
    side: automaticSide(Number(run.context.config.channels), scale),
    functions: {
      enlarge: functionOf(channels),
      ...(isByLuma ? { enlarge_colors: functionOf(3) } : {}),
    },
  };
}
