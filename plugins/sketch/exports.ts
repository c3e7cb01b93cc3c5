/** The averaged generator, for export to other programs. */
import {
  BOX_SHARE,
  type ExportedCompleter,
  type ExportedFunction,
  type ExportedPlacer,
  LEAST_BOX,
  LEAST_FRAME,
  type OpenedRun,
  tf,
} from "../../core/mod.ts";
import { cleanInk } from "./complete/draw_next.ts";
import { fadeSketches } from "./fade_sketches.ts";
import { inDrawing, TEMPERATURE } from "./layout/box_mixture.ts";
import { GLANCE_SIDE } from "./layout/planner.ts";
import { lineWidthAt } from "./line_width.ts";
import { mergeSketches } from "./merge.ts";
import type { SketchModel } from "./model.ts";

type Inputs = ExportedFunction["inputs"];

/** Exports functions that draw parts as `complete` does, without faint ink, and plan them. */
export function sketchExports(
  run: OpenedRun<SketchModel>,
): ExportedCompleter | ExportedPlacer {
  return run.model.hasBoxes ? placer(run) : completer(run);
}

/** Latents and classes, if the run has them. */
function drawingInputs({ latentSize = 0, classes }: SketchModel): Inputs {
  return {
    ...(latentSize > 0 ? { z: { shape: ["N", latentSize] } } : {}),
    ...(classes.length > 0 ? { labels: { shape: ["N"], dtype: "int32" as const } } : {}),
  };
}

/** The inputs declared by {@linkcode drawingInputs}. */
const drawnBy = ({ z, labels }: Readonly<Record<string, tf.Tensor>>) => ({
  ...(z ? { z: z as tf.Tensor2D } : {}),
  ...(labels ? { labels: labels as tf.Tensor1D } : {}),
});

function completer({ model, context }: OpenedRun<SketchModel>): ExportedCompleter {
  const { alpha, phase: { resolution } } = context, { classes, latentSize = 0 } = model;
  const partial = { shape: ["N", resolution, resolution, 1] };
  const encode = (partial: tf.Tensor4D) => model.encode(fadeSketches(partial, alpha), alpha);
  return {
    kind: "complete",
    classes,
    latentSize,
    lineWidth: lineWidthAt(resolution),
    functions: {
      complete: {
        inputs: { partial, ...drawingInputs(model) },
        run(inputs) {
          const before = inputs.partial as tf.Tensor4D; // as declared
          const part = cleanInk(model.drawParts(encode(before), { alpha, ...drawnBy(inputs) }));
          return { part, merged: mergeSketches(before, part) };
        },
      },
      ...(classes.length > 0
        ? {
          next_part: {
            inputs: { partial },
            run: (inputs) => ({ logits: model.nextPart(encode(inputs.partial as tf.Tensor4D)) }),
          },
        }
        : {}),
    },
  };
}

/** With boxes, planning and drawing are separate functions. */
function placer({ model, context }: OpenedRun<SketchModel>): ExportedPlacer {
  const { alpha, phase: { resolution } } = context, hasClasses = model.classes.length > 0;
  const whole = { shape: ["N", GLANCE_SIDE, GLANCE_SIDE, 1] };
  const codeSize = model.codeSize, drawing = drawingInputs(model);
  const glanceAt = (inputs: Readonly<Record<string, tf.Tensor>>) => ({
    glance: model.glance(inputs.whole as tf.Tensor4D), // as declared
  });
  return {
    kind: "place",
    steps: stepsOf(model, resolution),
    functions: {
      complete: {
        inputs: {
          crop: { shape: ["N", resolution, resolution, 1] },
          box: { shape: ["N", 4] },
          code: { shape: ["N", codeSize] },
          ...drawing,
        },
        run(inputs) {
          const [crop, box, glance] = [inputs.crop, inputs.box, inputs.code] as [
            tf.Tensor4D,
            tf.Tensor2D,
            tf.Tensor2D,
          ]; // as declared
          const encoding = model.encode(fadeSketches(crop, alpha), alpha, { box, glance });
          return { part: cleanInk(model.drawParts(encoding, { alpha, ...drawnBy(inputs) })) };
        },
      },
      plan: {
        inputs: { whole, ...(drawing.labels ? { labels: drawing.labels } : {}) },
        run(inputs) {
          const sketch = glanceAt(inputs), { labels } = drawnBy(inputs);
          const mixture = model.nextBox(sketch, labels), { means, sigmas } = inDrawing(mixture);
          return {
            code: sketch.glance,
            box_logits: mixture.logWeights,
            box_means: means,
            box_sigmas: sigmas,
            ...(model.beginsBlank
              ? { end: tf.squeeze(tf.sigmoid(model.endsWith(sketch, labels)), [1]) }
              : {}),
          };
        },
      },
      ...(hasClasses
        ? {
          next_part: {
            inputs: { whole },
            run: (inputs) => ({ logits: model.nextPart(glanceAt(inputs)) }),
          },
        }
        : {}),
    },
  };
}

/** The steps by which other programs use the functions of a run with boxes. */
function stepsOf(model: SketchModel, resolution: number): string {
  const width = lineWidthAt(resolution), hasClasses = model.classes.length > 0;
  const steps = [
    `Draw the sketch's lines at ${GLANCE_SIDE} px, 1 px wide: \`whole\`.`,
    ...(hasClasses
      ? [
        "`next_part` tells how likely each class is: take one, by lot in proportion to " +
        "exp(logits); one that was drawn isn't taken again. " +
        `Classes, from 0 on: ${model.classes.join(", ")}.`,
      ]
      : []),
    "`plan` tells the density of the part's box. Draw a component by lot in proportion to " +
    `exp(box_logits / ${TEMPERATURE}), then each coordinate as a normal number of its mean and ` +
    `√${TEMPERATURE} of its standard deviation: \`complete\` draws at that temperature. ` +
    `Keep the centre in [0, 1], and exp() of the logarithms in [1/${1 / LEAST_BOX}, 1].`,
    "The part's square lies about the box's centre; its side is the longer of the box's divided by " +
    `${BOX_SHARE}, at least 1/${1 / LEAST_FRAME}. Draw the sketch's lines within that square at ` +
    `${resolution} px, ${width.toFixed(2)} px wide: \`crop\`.`,
    "`complete`, the first function above, draws the part in the square. Trace its lines and lay " +
    "them where the square lies: they are part of the sketch that the next step begins with.",
    ...(model.beginsBlank
      ? [
        "The sketch ends with this part with the probability `end`. A sketch begins on blank " +
        "paper, -1 everywhere.",
      ]
      : []),
  ];
  return `A part is drawn in steps; coordinates are parts of the drawing's side:\n\n${
    steps.map((step, i) => `${i + 1}. ${step}`).join("\n")
  }`;
}
