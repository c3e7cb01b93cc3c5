/** What is trained by one process and by several: every shipped model, with few channels. */
import type { PluginTestOptions } from "../../core/testing/mod.ts";
import { asPlugin } from "../../core/testing/workbench.ts";
import type { Plugin } from "../../core/plugin/mod.ts";
import ada from "../../plugins/addons/ada.ts";
import progan from "../../plugins/progan/mod.ts";
import proganSr from "../../plugins/progan_sr/mod.ts";
import sketch from "../../plugins/sketch/mod.ts";
import styleTransfer from "../../plugins/style_transfer/mod.ts";
import stylegan from "../../plugins/stylegan/mod.ts";

/** A training during a fade, or in the model's only phase. */
export interface SameResultCase {
  name: string;
  plugin: Plugin;
  options: PluginTestOptions;
}

/**
 * The minibatch standard deviation takes groups of 4, so the split of 8 between two workers cuts
 * none.
 */
const BATCH = 8;

/**
 * A single fade, which has the old and the new layers; other phases' steps consist of parts of it.
 */
const growing = (from: number) => [`${from}:${BATCH}::0:${BATCH}`, `${2 * from}:${BATCH}::1k:1k`];
const STYLEGAN = { latentSize: 4, mappingLayers: 2, channelBase: 64, channelMax: 6, channelMin: 4 };
const CRITIC = { criticBase: 32, criticMax: 4, criticMin: 4 };
const from4 = { startResolution: 4, resolution: 8, sched: growing(4) };
const from8 = { startResolution: 8, resolution: 16, sched: growing(8) };

/** Options of a preset, overridden by the test's own. */
function preset(plugin: { presets?: unknown }, name: string, own: Record<string, unknown>) {
  const presets = plugin.presets as Record<string, { values: Record<string, unknown> }>;
  return { ...presets[name]!.values, precision: "float32", ...own };
}

/** @param vggWeights file of the network that some losses use */
export function sameResultCases(vggWeights: string): SameResultCase[] {
  const small = preset(stylegan, "small", { ...STYLEGAN, ...from4 });
  const one = (name: string, plugin: unknown, values: Record<string, unknown>, more = {}) => ({
    name,
    plugin: asPlugin(plugin),
    options: { values, ...more } as PluginTestOptions, // createWorkbench() checks them
  });
  return [
    one("stylegan small", stylegan, small),
    one("stylegan paper", stylegan, preset(stylegan, "paper", { ...STYLEGAN, ...from4 })),
    one(
      "stylegan small with ada",
      ada,
      { adaImages: 4000, adaTarget: -0.5, adaLeak: 1, ...from4 },
      {
        model: asPlugin(stylegan),
        modelValues: small,
      },
    ),
    one(
      "progan",
      progan,
      preset(progan, "small", { ...from4, latentSize: 4, channelBase: 64, channelMax: 6 }),
    ),
    one(
      "progan-sr seed",
      proganSr,
      preset(proganSr, "seed", { ...CRITIC, ...from8, criticSteps: 2, channels: 4, vggWeights }),
    ),
    one(
      "progan-sr photo",
      proganSr,
      preset(proganSr, "photo", { ...from8, channels: 4, blocks: 1 }),
    ),
    one(
      "sketch",
      sketch,
      preset(sketch, "small", {
        ...from4,
        ...{ latentSize: 3, channelBase: 64, channelMax: 6, channelMin: 4 },
        ...{ encoderChannels: 3, codeSize: 4, criticDense: 5 },
      }),
      { dataset: { labels: ["top", "left"] } },
    ),
    one("style-transfer", styleTransfer, {
      ...{ startResolution: 4, resolution: 4, batch: BATCH, vggWeights },
      ...{ fadeImages: 0, stabilizeImages: 1000 },
    }),
  ];
}
