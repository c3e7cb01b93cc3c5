/** The averaged generator for other programs. */
import {
  clamp,
  type ExportedEnlarger,
  type ExportedFunction,
  type OpenedRun,
  type tf,
} from "../../core/mod.ts";
import type { ProganSrModel } from "./model.ts";
import { colorsOf } from "./upscale/colors_of.ts";
import { automaticSide } from "./upscale/tiles.ts";
import { fitted } from "./upscale/upscale.ts";

/**
 * [N, H, W, C] in [-1, 1] to [N, H · scale, W · scale, C], any height and width; of a grey model
 * that takes colours by their luma also RGB, as `upscale` does.
 */
export function proganSrExports({ model, context }: OpenedRun<ProganSrModel>): ExportedEnlarger {
  const { scale, channels } = model, { alpha, config } = context;
  const network = {
    scale,
    channels,
    reach: model.reach(),
    colors: colorsOf(config),
    enlarge: (low: tf.Tensor4D) => model.enlarge(low, alpha),
  };
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
    reach: network.reach,
    side: automaticSide(Number(config.channels), scale),
    functions: {
      enlarge: functionOf(channels),
      ...(isByLuma ? { enlarge_colors: functionOf(3) } : {}),
    },
  };
}
