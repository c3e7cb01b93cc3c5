/** `deno task measure`: figures of a sketch run on its held-out sketches. */
import {
  type ConfigOf,
  defineCommand,
  field,
  object,
  type PluginCommandContext,
} from "../../../core/mod.ts";
import type { SketchModel } from "../model.ts";
import { measureParts, type PartFigures } from "./measure_parts.ts";

/** Most of what is counted here. */
const maximum = 1_000_000;

const options = object({
  pairs: field.integer("Held-out pairs to take", 256, { minimum: 1, maximum }),
  latents: field.integer("Parts to draw for each", 4, { minimum: 1, maximum }),
  classifierSteps: field.integer("Training steps of the part classifier; 0: without", 600, {
    minimum: 0,
    maximum,
  }),
  seed: field.integer("Seed of latents, noise and classifier", 0, { minimum: 0, maximum }),
  json: field.boolean("Print the figures as JSON", false),
});

export const measureCommand = defineCommand({
  name: "measure",
  description: "Measure a sketch run on held-out sketches: touch, ink, diversity, classes",
  arguments: "",
  options,
  run: measure,
});

async function measure(
  context: PluginCommandContext<ConfigOf<typeof options>, SketchModel>,
): Promise<void> {
  const { json, ...wanted } = context.options;
  const run = await context.openRun();
  try {
    if (run.plugin !== "sketch") {
      throw new TypeError(
        `Cannot measure ${run.id}: expected a run of plugin "sketch", received one of ` +
          `"${run.plugin}"`,
      );
    }
    const dataset = await context.openDataset(run);
    try {
      const figures = await measureParts(run, dataset, { ...wanted, onProgress: context.progress });
      const lines = json
        ? [JSON.stringify(figures, (_, x) => typeof x === "number" ? Number(x.toPrecision(4)) : x)]
        : [`${run.id}, ${wanted.latents} parts drawn for each pair`, "", ...tableOf(figures)];
      for (const line of lines) context.print(line);
    } finally {
      dataset.close();
    }
  } finally {
    run.dispose();
  }
}

/** Drawn parts beside real ones, a line a figure. */
export function tableOf(figures: PartFigures): string[] {
  const { resolution, pairs, touchRate, blank, inkRatio, diversity, realDiversity } = figures;
  const { classifier } = figures;
  const rows: [name: string, drawn: number, real: number][] = [
    ["parts that touch the sketch", touchRate.drawn, touchRate.real],
    ["parts without ink", blank, 0],
    ["mean ink, of real parts'", inkRatio, 1],
    ["mean distance of two parts", diversity, realDiversity],
    ...(classifier
      ? [["classes told rightly", classifier.drawn, classifier.real] as [string, number, number]]
      : []),
  ];
  const line = (name: string, cells: string[]) =>
    name.padEnd(30) + cells.map((cell) => cell.padStart(9)).join("");
  return [
    line(`${pairs} pairs at ${resolution} px`, ["drawn", "real"]),
    ...rows.map(([name, ...values]) => line(name, values.map((x) => x.toFixed(4)))),
  ];
}
