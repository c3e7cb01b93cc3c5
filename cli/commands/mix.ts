/** `deno task mix`: draws a grid of styles crossed between seeds. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { weightsOf } from "../../core/run/draw/draw_options.ts";
import { drawnName } from "../../core/run/draw/drawn_name.ts";
import { drawnPath } from "../../core/run/draw/drawn_path.ts";
import { styleLayers } from "../../core/run/draw/mix_styles.ts";
import { areSeeds, type Source } from "../../core/run/latent/styled_images.ts";
import { addDrawing, type DrawFlags, namedTruncation } from "../flags/draw_flags.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { expectPng } from "../flags/out_path.ts";
import { scaleOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { parseSources } from "../flags/sources.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface MixFlags extends RunFlags, DrawFlags {
  rows: Source[];
  cols: Source[];
  crossover?: number;
  out?: string;
  scale?: number;
}

export function register(program: Command): void {
  const command = program.command("mix")
    .description(
      "Mix the styles of seeds: coarse styles from the rows, fine styles from the columns",
    )
    .addOption(
      new Option("--rows <seeds>", "Seeds of the left column, which give coarse styles").argParser(
        parseSources,
      )
        .default(parseSources("0-4"), "0-4"),
    )
    .addOption(
      new Option("--cols <seeds>", "Seeds of the top row, which give fine styles").argParser(
        parseSources,
      )
        .default(parseSources("5-11"), "5-11"),
    )
    .addOption(
      new Option(
        "--crossover <layer>",
        "First layer that uses the column's style (default: the middle layer)",
      ).argParser(parsePositive),
    )
    .option("--out <file>", "PNG file (default: in the run's folder)")
    .addOption(scaleOption())
    .addHelpText(
      "after",
      `
The top row and the left column show the sources; @name is a projected picture.

Examples:
  deno task mix --rows 85,100 --cols 55,821 --crossover 4
  deno task mix --run 3 --rows 0-4 --cols 10-16 --trunc 0.5 --out mix.png`,
    );
  addDrawing(command);
  addRun(command);
  command.action(runMix);
}

async function runMix(flags: MixFlags): Promise<void> {
  if (flags.out !== undefined) await expectPng(flags.out);
  const status = createStatus(flags.json);
  const { rows, cols, trunc: truncation, truncCutoff: truncationCutoff, scale } = flags;
  using run = await openChosenRun(flags, status);
  const layers = styleLayers(run), crossover = flags.crossover ?? Math.floor(layers / 2);
  const weights = weightsOf(run, flags.weights);
  const areNumbers = areSeeds(rows) && areSeeds(cols); // names are ambiguous in a file name
  const path = flags.out === undefined
    ? drawnPath(
      run,
      drawnName(
        `mix-${rows.join("_")}-by-${cols.join("_")}`.replaceAll("@", ""),
        `-at${crossover}-${namedTruncation(flags)}-${weights}.png`,
        { ...(areNumbers ? {} : { rows, cols }), labels: flags.labels, scale },
      ),
    )
    : resolve(flags.out);
  const options = {
    crossover,
    truncation,
    truncationCutoff,
    weights,
    labels: flags.labels,
    scale,
    onProgress: (fraction: number) => status.progress("Drawing", fraction),
  };
  await run.mix(path, { rows, columns: cols }, options);
  status.done();
  printDrawn(run, {
    files: [path],
    json: flags.json,
    facts: { rows, cols, crossover, layers, truncation, weights },
  });
}
