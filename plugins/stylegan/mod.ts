/** StyleGAN, grown progressively (Karras, Laine, Aila 2019, "A Style-Based Generator Architecture for GANs"). */
import { adversarialTerms, definePlugin, fadeReals } from "../../core/mod.ts";
import { styleganSchema } from "./config.ts";
import { createStylegan } from "./model.ts";
import { styleganPresets } from "./presets.ts";

export default definePlugin({
  name: "stylegan",
  description:
    "StyleGAN: mapping network, styles by AdaIN, noise, style mixing, growing by resolution",
  kind: "model",
  data: "images",
  config: styleganSchema,
  presets: styleganPresets,
  defaultPreset: "small",
  build({ config, run, dataset }) {
    if (config.labels && dataset.labels.length < 2) {
      throw new RangeError(
        `Cannot train with --labels: expected at least two labels (subfolders of the data), received ${dataset.labels.length}`,
      );
    }
    return createStylegan(config, {
      seed: run.seed,
      startResolution: run.startResolution,
      channels: dataset.channels,
      labelCount: config.labels ? dataset.labels.length : 0,
    });
  },
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      const { model, phase } = context;
      return adversarialTerms(context, {
        real: ({ tensors, alpha }) =>
          phase.kind === "fade" ? fadeReals(tensors.images, alpha) : tensors.images,
        fake: (step) => model.draw(step),
        score: (images, step) => model.score(images, step),
      });
    },
  },
});
