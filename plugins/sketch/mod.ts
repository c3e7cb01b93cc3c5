/** Sketches part by part: a conditional StyleGAN of P(part | partial sketch), grown progressively. */
import { type Context, definePlugin } from "../../core/mod.ts";
import { sampleFigures } from "./chart_samples.ts";
import { completeCommand } from "./complete/command.ts";
import { type SketchConfig, sketchOptions, sketchSchema } from "./config.ts";
import { sketchExplore } from "./explore.ts";
import { sketchTerms } from "./losses.ts";
import { measureCommand } from "./measure/command.ts";
import { createSketchModel, type SketchModel } from "./model.ts";
import { sketchPresets } from "./presets.ts";
import { sketchPreview } from "./preview.ts";

/** The model that `build` made. */
const modelOf = (context: Context<SketchConfig>) => context.model as SketchModel;

export default definePlugin({
  name: "sketch",
  description:
    "Draws a missing part of a sketch: encoder, styles by AdaIN, noise, growing by resolution",
  kind: "model",
  data: "sketches",
  sketches: sketchOptions,
  config: sketchSchema,
  presets: sketchPresets,
  defaultPreset: "small",
  hooks: {
    build: ({ config, run, dataset }) =>
      createSketchModel(config, {
        seed: run.seed,
        startResolution: run.startResolution,
        classes: config.labels && dataset.labels.length > 1 ? dataset.labels : [],
      }),
    grow: (context, resolution) => modelOf(context).grow(resolution),
    stabilize: (context) => modelOf(context).stabilize(),
    losses: (context) => sketchTerms(context, modelOf(context)),
    preview: (context, request) => sketchPreview(modelOf(context), request),
    sampled(context, images) {
      for (const [name, value] of Object.entries(sampleFigures(images))) context.chart(name, value);
    },
  },
  commands: [completeCommand, measureCommand],
  explore: sketchExplore,
});
