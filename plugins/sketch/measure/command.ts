/** `deno task measure`: figures of a sketch run on its held-out sketches. */
import type { PluginCommand, PluginCommandContext } from "../../../core/mod.ts";
import { wholeNumber } from "../whole_number.ts";
import { measureParts } from "./measure_parts.ts";

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
  ],
  run: measure,
};

async function measure(context: PluginCommandContext): Promise<void> {
  const { options } = context;
  const number = (key: string, flag: string, initial: string, least: number) =>
    wholeNumber(flag, options[key] ?? initial, { action: "measure", least, most: 1_000_000 });
  const wanted = {
    pairs: number("pairs", "--pairs", "256", 1),
    latents: number("latents", "--latents", "4", 1),
    classifierSteps: number("classifierSteps", "--classifier-steps", "600", 0),
    seed: number("seed", "--seed", "0", 0),
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
      context.print(
        JSON.stringify(figures, (_, x) => typeof x === "number" ? Number(x.toPrecision(4)) : x),
      );
    } finally {
      dataset.close();
    }
  } finally {
    run.dispose();
  }
}
