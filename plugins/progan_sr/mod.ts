/** Progressive super-resolution with a VGG-19 loss whose input grows with the networks. */
import { type Context, definePlugin } from "../../core/mod.ts";
import { compareCommand } from "./compare_command.ts";
import { type ProganSrConfig, proganSrSchema } from "./config.ts";
import { proganSrExplore } from "./explore.ts";
import { proganSrLosses } from "./losses.ts";
import { measureRun } from "./measure.ts";
import { createProganSr, type ProganSrModel } from "./model.ts";
import { proganSrPresets } from "./presets.ts";
import { srPreview } from "./preview.ts";
import { tilesCommand } from "./tiles_command.ts";
import { upscaleCommand } from "./upscale/command.ts";
import { missingVgg, prepareVgg, readVgg, userSources } from "./vgg_weights.ts";

/** The model that `build` made. */
const modelOf = (context: Context<ProganSrConfig>) => context.model as ProganSrModel;

/** Whether any phase up to `resolution` compares features. */
const isPerceptual = (config: ProganSrConfig, resolution: number) =>
  config.perceptual !== "none" && resolution >= config.perceptualFrom;

export default definePlugin({
  name: "progan-sr",
  description: "Super-resolution that grows: a generator, a critic and VGG-19's first block",
  kind: "model",
  data: "images",
  skipSmaller: true,
  config: proganSrSchema,
  presets: proganSrPresets,
  defaultPreset: "perceptual",
  async prepare({ config, run, ...listener }) {
    if (isPerceptual(config, run.resolution)) {
      await prepareVgg({ ...userSources(config.vggWeights), ...listener });
    }
  },
  hooks: {
    build: ({ config, run, dataset }) =>
      createProganSr(config, {
        seed: run.seed,
        startResolution: run.startResolution,
        channels: dataset.channels,
      }),
    grow: (context, resolution) => modelOf(context).grow(resolution),
    stabilize: (context) => modelOf(context).stabilize(),
    losses(context) {
      const { config, phase } = context;
      if (!isPerceptual(config, phase.resolution)) {
        return proganSrLosses(context, modelOf(context), undefined);
      }
      const vgg = readVgg(userSources(config.vggWeights));
      if (!vgg) throw missingVgg("they were not prepared");
      return proganSrLosses(context, modelOf(context), vgg);
    },
    preview: (context, request) => srPreview(modelOf(context), request, context.phase.batchSize),
  },
  measure: measureRun,
  commands: [upscaleCommand, compareCommand, tilesCommand],
  explore: proganSrExplore,
});
