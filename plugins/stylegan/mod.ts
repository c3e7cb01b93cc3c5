/** StyleGAN, grown progressively (Karras, Laine, Aila 2019, "A Style-Based Generator Architecture for GANs"). */
import {
  adversarialTerms,
  type Context,
  definePlugin,
  fadeReals,
  type tf,
} from "../../core/mod.ts";
import { type StyleganConfig, styleganSchema } from "./config.ts";
import { createStylegan, type StyleganModel } from "./model.ts";
import { styleganPresets } from "./presets.ts";

/** The model that `build` made. */
const modelOf = (context: Context<StyleganConfig>) => context.model as StyleganModel;

export default definePlugin({
  name: "stylegan",
  description:
    "StyleGAN: mapping network, styles by AdaIN, noise, style mixing, growing by resolution",
  kind: "model",
  data: "images",
  config: styleganSchema,
  presets: styleganPresets,
  defaultPreset: "small",
  hooks: {
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
    grow: (context, resolution) => modelOf(context).grow(resolution),
    stabilize: (context) => modelOf(context).stabilize(),
    losses(context) {
      const model = modelOf(context);
      const fading = context.phase.kind === "fade";
      return adversarialTerms(context, {
        real(step) {
          const images = step.tensors.images as tf.Tensor4D; // the loader's images
          return fading ? fadeReals(images, step.alpha) : images;
        },
        fake: (step) => model.draw(step),
        score: (images, step) => model.score(images, step),
      });
    },
  },
});
