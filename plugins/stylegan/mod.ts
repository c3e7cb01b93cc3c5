/**
 * StyleGAN, grown progressively: the layers of Karras, Laine, Aila 2019, "A Style-Based Generator
 * Architecture for GANs", or of Karras et al. 2020, "Analyzing and Improving the Image Quality of
 * StyleGAN".
 */
import {
  adversarialTerms,
  ConfigError,
  definePlugin,
  fadeReals,
  type StepContext,
  upsampleBilinear,
  upsampleNearest,
  warnOfLoneSample,
} from "../../core/mod.ts";
import { PAIR_RESOLUTION, styleganSchema } from "./config.ts";
import { createStylegan } from "./model.ts";
import { pairTerm } from "./pairs.ts";
import { styleganPresets } from "./presets.ts";

export default definePlugin({
  name: "stylegan",
  description:
    "StyleGAN and StyleGAN2: mapping network, styles, noise, style mixing, growing by resolution",
  kind: "model",
  data: "images",
  config: styleganSchema,
  presets: styleganPresets,
  defaultPreset: "small",
  build({ config, run, dataset, log }) {
    if (config.labels && dataset.labels.length < 2) {
      throw new ConfigError(
        `Cannot train with --labels: expected at least two labels (subfolders of the data), ` +
          `received ${dataset.labels.length}. Leave it out; where the run of --from has it, give ` +
          `--no-labels`,
      );
    }
    if (config.architecture === "stylegan2" && config.filter === "nearest") {
      throw new ConfigError(
        "Cannot train with --filter nearest: expected --filter blur with --architecture " +
          "stylegan2, whose layers have no other",
      );
    }
    if (config.architecture === "stylegan" && config.limits) {
      log(
        "--limits is left out: --architecture stylegan has a single image layer and nothing to " +
          "limit before it. --no-limits silences this message",
      );
    }
    const model = createStylegan(config, {
      seed: run.seed,
      startResolution: run.startResolution,
      channels: dataset.channels,
      labelCount: config.labels || config.clusters > 0 ? dataset.labels.length : 0,
    });
    if (config.pairWeight > 0 && !model.drawOn) {
      const reason = config.architecture === "stylegan"
        ? "--architecture stylegan draws no pictures below its last resolution"
        : `the first block, of ${run.startResolution} px, draws no picture of ${PAIR_RESOLUTION} px`;
      log(`--pair-weight is left out: ${reason}. --pair-weight 0 silences this message`);
    }
    return model;
  },
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { model, phase, config } = context;
      warnOfLoneSample(context, config.stddevGroup);
      // Reals are upsampled as the generator upsamples its old picture; otherwise the discriminator
      // could tell them apart by that.
      const enlarge = config.architecture === "stylegan2" ? upsampleBilinear : upsampleNearest;
      const real = ({ tensors, alpha }: StepContext<"images">) =>
        phase.kind === "fade" ? fadeReals(tensors.images, alpha, enlarge) : tensors.images;
      const terms = adversarialTerms(context, {
        real,
        fake: (step) => model.draw(step),
        score: (images, step) => model.score(images, step),
      });
      const { drawOn } = model;
      if (drawOn && phase.resolution > PAIR_RESOLUTION) {
        terms.push(pairTerm(drawOn, config.pairWeight, real));
      }
      return terms;
    },
  },
});
