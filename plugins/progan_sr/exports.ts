/** The averaged generator, for export to other programs. */
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
 * Maps [N, H, W, C] in [-1, 1] to [N, H · scale, W · scale, C], for any height and width. A grey
 * model that processes colours by their luma also exports a function of RGB, as `upscale` uses it.
 */
export function proganSrExports(run: OpenedRun<ProganSrModel>): ExportedEnlarger {
  const network = networkOf(run), { scale, channels, reach } = network;
  const functionOf = (channels: number): ExportedFunction => {
    const enlarge = fitted(network, channels);
    return {
      inputs: { low: { shape: ["N", "H", "W", channels] } },
      // as declared in `inputs`
      run: ({ low }) => ({ images: clamp(enlarge(low as tf.Tensor4D), -1, 1) }),
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
