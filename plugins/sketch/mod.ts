/**
 * Sketches drawn part by part: a conditional StyleGAN of P(part | partial sketch), grown
 * progressively.
 */
import { definePlugin, warnOfLoneSample } from "../../core/mod.ts";
import { sampleFigures } from "./chart_samples.ts";
import { completeCommand } from "./complete/command.ts";
import { sketchOptions, sketchSchema } from "./config.ts";
import { sketchExplore } from "./explore.ts";
import { sketchExports } from "./exports.ts";
import { sketchTerms } from "./losses.ts";
import { measureCommand } from "./measure/command.ts";
import { createSketchModel } from "./model.ts";
import { sketchPresets } from "./presets.ts";
import { sketchPreview } from "./preview.ts";

export default definePlugin({
  name: "sketch",
  description:
    "Draws a missing part of a sketch: encoder, styles by AdaIN, noise, growing by resolution",
  kind: "model",
  data: "sketches",
  sketches: sketchOptions,
  watches: { sampleDiversity: ["diversity"], realDiversity: ["diversity/reals"] },
  config: sketchSchema,
  presets: sketchPresets,
  defaultPreset: "small",
  build: ({ config, run, dataset }) =>
    createSketchModel(config, {
      seed: run.seed,
      startResolution: run.startResolution,
      classes: config.labels && dataset.labels.length > 1 ? dataset.labels : [],
    }),
  hooks: {
    grow: ({ model }, resolution) => model.grow(resolution),
    stabilize: ({ model }) => model.stabilize(),
    losses(context) {
      warnOfLoneSample(context, context.config.stddevGroup);
      return sketchTerms(context, context.model);
    },
    preview: ({ model }, request) => sketchPreview(model, request),
    sampled(context, images) {
      for (const [name, value] of Object.entries(sampleFigures(images))) context.chart(name, value);
    },
  },
  commands: [completeCommand, measureCommand],
  explore: sketchExplore,
  exports: sketchExports,
});
