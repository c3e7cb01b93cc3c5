/** The averaged generator for other programs. */
import { ConfigError, type ExportedCompleter, type OpenedRun, type tf } from "../../core/mod.ts";
import { cleanInk } from "./complete/draw_next.ts";
import { fadeSketches } from "./fade_sketches.ts";
import { lineWidthAt } from "./line_width.ts";
import { mergeSketches } from "./merge.ts";
import type { SketchModel } from "./model.ts";

/**
 * Parts as `complete` draws them, without faint ink, and the classifier of the next part.
 * @throws ConfigError of a run with boxes: what happens between its networks is no tensor code
 */
export function sketchExports({ model, context }: OpenedRun<SketchModel>): ExportedCompleter {
  const { alpha, phase: { resolution } } = context, { classes, latentSize = 0 } = model;
  if (model.hasBoxes) {
    throw new ConfigError(
      "Cannot export a run with boxes: expected one that draws parts where they belong. Its crops " +
        "and lines are made between the networks. Export a run of --layout whole",
    );
  }
  const partial = { shape: ["N", resolution, resolution, 1] };
  const encode = (partial: tf.Tensor4D) => model.encode(fadeSketches(partial, alpha), alpha);
  return {
    kind: "complete",
    classes,
    latentSize,
    lineWidth: lineWidthAt(resolution),
    functions: {
      complete: {
        inputs: {
          partial,
          ...(latentSize > 0 ? { z: { shape: ["N", latentSize] } } : {}),
          ...(classes.length > 0 ? { labels: { shape: ["N"], dtype: "int32" as const } } : {}),
        },
        run(inputs) {
          const before = inputs.partial as tf.Tensor4D; // as declared, as the others
          const part = cleanInk(model.drawParts(encode(before), {
            alpha,
            ...(inputs.z ? { z: inputs.z as tf.Tensor2D } : {}),
            ...(inputs.labels ? { labels: inputs.labels as tf.Tensor1D } : {}),
          }));
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
