/** `deno task mix`: a grid of styles crossed between seeds. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import * as tf from "@tensorflow/tfjs";
import { writeGrid } from "../../core/images/mod.ts";
import {
  drawImages,
  type DrawnImages,
  latentOf,
  stackRows,
} from "../../core/run/draw/draw_images.ts";
import { addDrawing, type DrawFlags, labelsOf, weightsOf } from "../flags/draw_flags.ts";
import { drawnPath, reportDrawn } from "../terminal/print_drawn.ts";
import { UsageError } from "../errors.ts";
import { expectPng } from "../flags/out_path.ts";
import { parsePositive, parseSeeds } from "../flags/fields.ts";
import { createStatus } from "../terminal/status.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { expectGenerator, insteadOf } from "../../core/run/open_run.ts";

interface MixFlags extends RunFlags, DrawFlags {
  rows: number[];
  cols: number[];
  crossover?: number;
  out?: string;
  scale?: number;
}

/** Adds the command. */
export function register(program: Command): void {
  const command = program.command("mix")
    .description("Cross the styles of seeds: coarse ones of the rows, fine ones of the columns")
    .addOption(
      new Option("--rows <seeds>", "Seeds of the left column: coarse styles").argParser(parseSeeds)
        .default(parseSeeds("0-4"), "0-4"),
    )
    .addOption(
      new Option("--cols <seeds>", "Seeds of the top row: fine styles").argParser(parseSeeds)
        .default(parseSeeds("5-11"), "5-11"),
    )
    .addOption(
      new Option(
        "--crossover <layer>",
        "First layer with the column's style (default: half of them)",
      )
        .argParser(parsePositive),
    )
    .option("--out <file>", "PNG file (default: in the run's folder)")
    .addOption(
      new Option("--scale <number>", "Enlarge pixels (default: so that a cell has 64)").argParser(
        parsePositive,
      ),
    )
    .addHelpText(
      "after",
      `
The top row and the left column show the sources.

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
  const { rows, cols, trunc: truncation } = flags;
  const run = await openChosenRun(flags, status);
  try {
    expectGenerator(run, "mix styles");
    const { model } = run, layers = run.model.styleLayers?.() ?? 0;
    const mix = run.model.mix;
    if (!mix || layers < 2) {
      throw new UsageError(
        `Cannot mix styles of ${run.id}: expected a plugin with a style a layer, ${insteadOf(run)}`,
      );
    }
    const crossover = flags.crossover ?? Math.floor(layers / 2);
    if (crossover >= layers) {
      throw new UsageError(
        `Cannot mix at --crossover ${crossover}: expected 1 … ${
          layers - 1
        }, for ${run.id} has ${layers} layers ` +
          `at ${run.resolution} px`,
      );
    }
    const cells = [
      ...cols.map((seed) => ({ coarse: seed, fine: seed })),
      ...rows.flatMap((row) => [row, ...cols].map((fine) => ({ coarse: row, fine }))),
    ];
    const labels = labelsOf(run, flags, cells.map((cell) => cell.coarse));
    const weights = weightsOf(run, flags);
    const images = await drawImages(run, {
      noise: cells.map((cell) => cell.coarse),
      weights,
      onProgress: (fraction) => status.progress("Drawing", fraction),
    }, (from, to) => {
      const part = cells.slice(from, to);
      const [coarse, fine] = (["coarse", "fine"] as const).map((which) =>
        stackRows(part.map((cell) => latentOf(cell[which], model.latentSize)))
      ) as [tf.Tensor2D, tf.Tensor2D]; // two names, two tensors
      return mix(coarse, fine, {
        alpha: run.alpha,
        truncation,
        crossover,
        ...(labels ? { labels: tf.tensor1d(labels.slice(from, to), "int32") } : {}),
      });
    });
    status.done();
    const name = `mix-${rows.join("_")}-by-${cols.join("_")}`.slice(0, 80);
    const path = flags.out === undefined
      ? drawnPath(run, `${name}-at${crossover}-psi${truncation}-${weights}.png`)
      : resolve(flags.out);
    const scale = flags.scale ?? Math.max(1, Math.floor(64 / run.resolution));
    await writeGrid(path, withCorner(images), { columns: cols.length + 1, scale });
    reportDrawn(run, {
      files: [path],
      json: flags.json,
      facts: { rows, cols, crossover, layers, truncation, weights },
    });
  } finally {
    run.dispose();
  }
}

/** Puts a white cell before the first. */
function withCorner({ data, shape }: DrawnImages): DrawnImages {
  const [count = 0, ...rest] = shape, cell = data.length / count;
  const out = new Float32Array(data.length + cell).fill(1);
  out.set(data, cell);
  return { data: out, shape: [count + 1, ...rest] };
}
