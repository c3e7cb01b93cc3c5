/** Progressive super-resolution with a VGG-19 loss, in which inputs and networks grow together. */
import {
  cachedEfficientNetWeights,
  createEfficientNet,
  definePlugin,
  efficientNetWeights,
  missingVgg,
  prepareVgg,
  readVgg,
  vggSources,
  warnOfLoneSample,
} from "../../core/mod.ts";
import { compareCommand } from "./compare_command.ts";
import { expectGeneratorTerm, hasCritic, type ProganSrConfig, proganSrSchema } from "./config.ts";
import { proganSrExplore } from "./explore.ts";
import { proganSrExports } from "./exports.ts";
import { proganSrLosses } from "./losses.ts";
import { measureRun } from "./measure.ts";
import { createProganSr } from "./model.ts";
import { proganSrPresets } from "./presets.ts";
import { srPreview } from "./preview.ts";
import { tilesCommand } from "./tiles_command.ts";
import { upscaleCommand } from "./upscale/command.ts";

/** Whether the perceptual term applies at `resolution`. */
const isPerceptual = (config: ProganSrConfig, resolution: number) =>
  config.perceptual !== "none" && resolution >= config.perceptualFrom;
const seesFeatures = (config: ProganSrConfig, resolution: number) =>
  config.featuresWeight > 0 && resolution >= config.perceptualFrom;

/** The alternative that messages offer when VGG-19's weights are missing. */
const WITHOUT_VGG = { otherwise: "train without it: --perceptual none" };

export default definePlugin({
  name: "progan-sr",
  description: "Super-resolution that grows: a generator, a critic and VGG-19's first block",
  kind: "model",
  data: "images",
  skipSmaller: true,
  opacity: false, // the upscale command enlarges opacity separately
  crops: ({ crops }) => crops === "anywhere",
  config: proganSrSchema,
  presets: proganSrPresets,
  defaultPreset: "perceptual",
  async prepare({ config, run, ...listener }) {
    const { perceptualFrom: from } = config;
    expectGeneratorTerm(config, run.startResolution);
    if (run.resolution < from && (isPerceptual(config, from) || seesFeatures(config, from))) {
      listener.log(
        `No features are compared up to ${run.resolution} px, where this run ends: ` +
          `--perceptual-from is ${from}`,
      );
    }
    if (isPerceptual(config, run.resolution)) {
      await prepareVgg({ ...vggSources(config.vggWeights), ...listener, ...WITHOUT_VGG });
    }
    if (seesFeatures(config, run.resolution)) {
      await efficientNetWeights({
        onProgress: ({ message, fraction }) => listener.progress(fraction ?? 0, message),
      });
    }
  },
  build({ config, run, dataset: { channels } }) {
    return createProganSr(config, {
      seed: run.seed,
      startResolution: run.startResolution,
      channels,
    });
  },
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    learningRate: ({ config }, rate, network) =>
      network === "discriminator" ? rate * config.criticRate : rate,
    losses(context) {
      const { config, model, phase } = context;
      if (hasCritic(config)) warnOfLoneSample(context, config.stddevGroup);
      const frozen: Parameters<typeof proganSrLosses>[2] = {};
      if (isPerceptual(config, phase.resolution)) {
        const vgg = readVgg(vggSources(config.vggWeights));
        if (!vgg) throw missingVgg("they were not prepared", WITHOUT_VGG);
        frozen.vgg = vgg;
      }
      if (seesFeatures(config, phase.resolution)) {
        const weights = cachedEfficientNetWeights();
        frozen.openEfficientNet = () => createEfficientNet(weights);
      }
      return proganSrLosses(context, model, frozen);
    },
    preview: ({ model, phase }, request) => srPreview(model, request, phase.batchSize),
  },
  measure: measureRun,
  commands: [upscaleCommand, compareCommand, tilesCommand],
  explore: proganSrExplore,
  exports: proganSrExports,
});
