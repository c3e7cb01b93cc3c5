/**
 * Arbitrary style transfer (Huang and Belongie 2017, "Arbitrary Style Transfer in Real-time with
 * Adaptive Instance Normalization"): an example of a model without latents and without a
 * discriminator that uses the public API alone.
 */
import {
  ConfigError,
  definePlugin,
  missingVgg,
  prepareVgg,
  readVggEncoder,
  vggSources,
} from "../../core/mod.ts";
import { styleTransferSchema } from "./config.ts";
import { styleTransferLosses } from "./losses.ts";
import { createStyleTransfer } from "./model.ts";
import { stylePreview } from "./preview.ts";
import { stylizeCommand } from "./stylize_command.ts";

export default definePlugin({
  name: "style-transfer",
  description: "Arbitrary style transfer: VGG-19, adaptive instance norm and a decoder (example)",
  kind: "model",
  data: "images",
  opacity: false, // VGG-19 takes RGB
  config: styleTransferSchema,
  presets: {
    "64px": {
      description: "Pairs of 64 px, batch size 8, the paper's optimizer at a higher learning rate",
      values: {
        startResolution: 64,
        resolution: 64,
        batch: 8,
        stabilizeImages: 80_000,
        penalty: "none",
        learningRate: 0.001,
        beta1: 0.9,
        beta2: 0.999,
        emaImages: 1000,
      },
    },
  },
  defaultPreset: "64px",
  async prepare({ config, run: _, ...listener }) {
    await prepareVgg({ ...vggSources(config.vggWeights), ...listener });
  },
  build({ config, run, dataset }) {
    const { startResolution, resolution, seed } = run;
    if (startResolution !== resolution) {
      throw new ConfigError(
        `Cannot build style transfer: expected one resolution, received ${startResolution} to ` +
          `${resolution} px. Set --start-resolution and --resolution to the same`,
      );
    }
    const encoder = readVggEncoder(vggSources(config.vggWeights));
    if (!encoder) throw missingVgg("none is kept on this machine");
    return createStyleTransfer({
      encoder,
      place: config.place,
      channels: dataset.channels,
      seed,
    });
  },
  hooks: {
    grow() {
      // build() has checked this
      throw new Error("Cannot grow style transfer: expected one resolution");
    },
    losses: styleTransferLosses,
    preview: ({ model }, request) => stylePreview(model, request),
  },
  commands: [stylizeCommand],
});
