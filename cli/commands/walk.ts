/** `deno task walk`: an animation from seed to seed. */
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import * as tf from "@tensorflow/tfjs";
import { type RawPicture, renderGrid, writeAnimation } from "../../core/images/mod.ts";
import { drawImages, latentOf, stackRows } from "../../core/run/draw/draw_images.ts";
import { addDrawing, type DrawFlags, labelsOf, weightsOf } from "../flags/draw_flags.ts";
import { drawnPath, reportDrawn } from "../terminal/print_drawn.ts";
import { UsageError } from "../errors.ts";
import { expectFile } from "../flags/out_path.ts";
import { parsePositive, parseSeeds } from "../flags/fields.ts";
import { walkLatents } from "../../core/run/draw/walk_latents.ts";
import { createStatus } from "../terminal/status.ts";
import { namedSeeds } from "./sample.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { expectGenerator } from "../../core/run/open_run.ts";

interface WalkFlags extends RunFlags, DrawFlags {
  seeds: number[];
  frames: number;
  loop?: true;
  fps: number;
  grid: { columns: number; rows: number };
  size?: number;
  out?: string;
}

/** Pixels of all frames together: encoders hold them at once. */
const MOST_PIXELS = 300_000_000;

/** Adds the command. */
export function register(program: Command): void {
  const command = program.command("walk")
    .description("Walk from seed to seed: an animated WebP or GIF")
    .addOption(
      new Option("--seeds <list>", "Seeds to pass, two or more").argParser(parseSeeds).default(
        parseSeeds("0-5"),
        "0-5",
      ),
    )
    .addOption(
      new Option("--frames <number>", "Frames from one seed to the next").argParser(parsePositive)
        .default(30),
    )
    .option("--loop", "Lead the last seed back to the first")
    .addOption(
      new Option("--fps <number>", "Frames a second, up to 50").argParser(parseRate).default(20),
    )
    .addOption(
      new Option(
        "--grid <CxR>",
        "Several walks beside each other; each passes seeds of its own, after those given",
      )
        .argParser(parseGrid).default({ columns: 1, rows: 1 }, "1x1"),
    )
    .addOption(
      new Option("--size <px>", "Longer side of the animation (default: so that a cell has 128)")
        .argParser(parsePositive),
    )
    .option("--out <file>", "File ending in .webp or .gif (default: a .webp in the run's folder)")
    .addHelpText(
      "after",
      `
Between seeds the latents turn on a sphere (slerp); the noise stays.

Examples:
  deno task walk --seeds 0-5 --frames 30 --loop --fps 20 --trunc 0.7
  deno task walk --run 3 --seeds 0-3 --grid 4x2 --loop --out walk.gif`,
    );
  addDrawing(command);
  addRun(command);
  command.action(runWalk);
}

function parseGrid(text: string): WalkFlags["grid"] {
  const match = /^(\d{1,2})x(\d{1,2})$/i.exec(text);
  const columns = Number(match?.[1]), rows = Number(match?.[2]);
  if (columns >= 1 && rows >= 1) return { columns, rows };
  throw new InvalidArgumentError("Expected columns and rows such as 4x2.");
}

function parseRate(text: string): number {
  const rate = Number(text);
  if (rate > 0 && rate <= 50) return rate; // browsers slow frames of under 20 ms down
  throw new InvalidArgumentError("Expected frames a second of more than 0, at most 50.");
}

async function runWalk(flags: WalkFlags): Promise<void> {
  const { seeds, grid, trunc: truncation, fps } = flags;
  if (seeds.length < 2) {
    throw new UsageError(
      `Cannot walk: expected two seeds or more, received ${seeds.length}. Example: --seeds 0-5`,
    );
  }
  if (flags.out !== undefined && !/\.(webp|gif)$/i.test(flags.out)) {
    throw new UsageError(`Cannot write ${flags.out}: expected a name that ends in .webp or .gif`);
  }
  if (flags.out !== undefined) await expectFile(flags.out);
  const status = createStatus(flags.json);
  const run = await openChosenRun(flags, status);
  try {
    expectGenerator(run, "walk");
    const { model, resolution } = run, cells = grid.columns * grid.rows;
    const longer = Math.max(grid.columns, grid.rows);
    const size = flags.size ?? longer * resolution * Math.max(1, Math.floor(128 / resolution));
    const frames = (seeds.length - (flags.loop ? 0 : 1)) * flags.frames + (flags.loop ? 0 : 1);
    if (frames * (size * grid.columns / longer) * (size * grid.rows / longer) > MOST_PIXELS) {
      throw new UsageError(
        `Cannot walk: expected at most ${
          MOST_PIXELS / 1e6
        } million pixels in all, received ${frames} frames of ` +
          `${size} px. Use a smaller --size or fewer --frames`,
      );
    }
    const span = Math.max(...seeds) - Math.min(...seeds) + 1;
    const walks = Array.from({ length: cells }, (_, cell) => {
      const keys = seeds.map((seed) => latentOf(seed + cell * span, model.latentSize));
      return walkLatents(keys, flags.frames, flags.loop === true);
    });
    const noise = walks.map((_, cell) => seeds[0]! + cell * span); // two seeds or more
    const labels = labelsOf(run, flags, noise), weights = weightsOf(run, flags);
    // One image after the other, frame by frame: a batch may span frames.
    const images = await drawImages(run, {
      noise: Array.from({ length: frames * cells }, (_, i) => noise[i % cells]!),
      weights,
      onProgress: (fraction) => status.progress("Drawing", fraction),
    }, (from, to) => {
      const all = Array.from({ length: to - from }, (_, i) => from + i);
      return model.generate(stackRows(all.map((i) => walks[i % cells]![Math.floor(i / cells)]!)), {
        alpha: run.alpha,
        truncation,
        ...(labels ? { labels: tf.tensor1d(all.map((i) => labels[i % cells]!), "int32") } : {}),
      });
    });
    status.progress("Writing the animation …");
    const frame = images.data.length / frames, shape = [cells, ...images.shape.slice(1)];
    const pictures = Array.from(
      { length: frames },
      (_, i): RawPicture =>
        renderGrid({ data: images.data.subarray(i * frame, (i + 1) * frame), shape }, {
          columns: grid.columns,
        }),
    );
    const path = flags.out === undefined
      ? drawnPath(
        run,
        `walk-${namedSeeds(seeds)}${
          cells > 1 ? `-${grid.columns}x${grid.rows}` : ""
        }-psi${truncation}.webp`,
      )
      : resolve(flags.out);
    await writeAnimation(path, pictures, { delay: Math.round(1000 / fps), size });
    status.done();
    reportDrawn(run, {
      files: [path],
      json: flags.json,
      facts: { seeds, frames, fps, truncation, weights },
    });
  } finally {
    run.dispose();
  }
}
