/** `deno task measure`: figures of a sketch run on its held-out sketches. */
import { type PluginCommand, type PluginCommandContext, wholeNumber } from "../../../core/mod.ts";
import { measureParts, type PartFigures } from "./measure_parts.ts";

export const measureCommand: PluginCommand = {
  name: "measure",
  description: "Measure a sketch run on held-out sketches: touch, ink, diversity, classes",
  arguments: "",
  options: [
    { flags: "--pairs <n>", description: "Held-out pairs to take", initial: "256" },
    { flags: "--latents <n>", description: "Parts to draw for each", initial: "4" },
    {
      flags: "--classifier-steps <n>",
      description: "Training steps of the part classifier; 0: without",
      initial: "600",
    },
    { flags: "--seed <n>", description: "Seed of latents, noise and classifier", initial: "0" },
    { flags: "--json", description: "Print the figures as JSON" },
  ],
  run: measure,
};

async function measure(context: PluginCommandContext): Promise<void> {
  const { options } = context;
  const number = (name: string, minimum: number) =>
    wholeNumber(options, name, { minimum, maximum: 1_000_000 });
  const wanted = {
    pairs: number("pairs", 1) ?? 256,
    latents: number("latents", 1) ?? 4,
    classifierSteps: number("classifierSteps", 0) ?? 600,
    seed: number("seed", 0) ?? 0,
  };
  const run = await context.openRun(undefined);
  try {
    if (run.plugin !== "sketch") {
      throw new TypeError(
        `Cannot measure ${run.id}: expected a run of plugin "sketch", received one of "${run.plugin}"`,
      );
    }
    const dataset = await context.openDataset(run);
    try {
      const figures = await measureParts(run, dataset, { ...wanted, onProgress: context.progress });
      const lines = options.json === true
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
