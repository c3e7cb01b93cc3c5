/** `deno task walk`: draws an animation from seed to seed. */
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { readNumber } from "../../core/config/read_number.ts";
import { expectWritableFile } from "../../core/expect_writable.ts";
import { weightsOf } from "../../core/run/draw/draw_options.ts";
import { drawnName, namedSeeds, seedsNotInName } from "../../core/run/draw/drawn_name.ts";
import { drawnPath } from "../../core/run/draw/drawn_path.ts";
import { expectGenerator } from "../../core/run/draw/expect_generator.ts";
import { expectSeeds, type WalkOptions } from "../../core/run/draw/walk.ts";
import { writeDirectionWalk } from "../../core/run/latent/direction_walk.ts";
import { type NamedEdit, resolveEdits } from "../../core/run/latent/find_directions.ts";
import type { Source } from "../../core/run/latent/styled_images.ts";
import { UsageError } from "../errors.ts";
import { addDrawing, type DrawFlags, namedTruncation } from "../flags/draw_flags.ts";
import { addDirection, directionsNotInName, namedDirections } from "../flags/direction_flag.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { parseSources } from "../flags/sources.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface WalkFlags extends RunFlags, DrawFlags {
  seeds: Source[];
  frames: number;
  loop?: true;
  fps: number;
  grid?: { columns: number; rows: number };
  direction?: NamedEdit[];
  size?: number;
  out?: string;
}

/** Default frames from one seed to the next, and default frames per second. */
const FRAMES = 30, FPS = 20;

export function register(program: Command): void {
  const command = program.command("walk")
    .description("Walk from seed to seed, as an animated WebP or GIF")
    .addOption(
      new Option("--seeds <list>", "Seeds to pass through, two or more").argParser(parseSources)
        .default(
          parseSources("0-5"),
          "0-5",
        ),
    )
    .addOption(
      new Option("--frames <number>", "Frames from one seed to the next").argParser(parsePositive)
        .default(FRAMES),
    )
    .option("--loop", "Return from the last seed to the first")
    .addOption(
      new Option("--fps <number>", "Frames per second, up to 50").argParser(parseRate).default(FPS),
    )
    .addOption(
      new Option(
        "--grid <CxR>",
        "Several walks side by side, each through other seeds, which follow those given " +
          "(default: 1x1; with --direction one cell per seed)",
      ).argParser(parseGrid),
    )
    .addOption(
      new Option("--size <px>", "Longer side of the animation (default: so that a cell has 128 px)")
        .argParser(parsePositive),
    )
    .option(
      "--out <file>",
      "File name ending in .webp or .gif (default: a .webp in the run's folder)",
    )
    .addHelpText(
      "after",
      `
Between seeds, latents are interpolated on a sphere (slerp); the noise stays the
same. If a projected picture, @name, is among them, the path is a line in w.
A walk keeps its class; with --labels and --grid, each cell has a class.
With --direction, all seeds move at once, each in its own cell, from minus the
amount to the amount (and back with --loop).

Examples:
  deno task walk --seeds 0-5 --frames 30 --loop --fps 20 --trunc 0.7
  deno task walk --run 3 --seeds 0-3 --grid 4x2 --loop --out walk.gif
  deno task walk --seeds @cat,1,2 --direction 3:+2.5 --loop`,
    );
  addDirection(command);
  addDrawing(command);
  addRun(command);
  command.action(runWalk);
}

function parseGrid(text: string): NonNullable<WalkFlags["grid"]> {
  const match = /^(\d{1,2})x(\d{1,2})$/i.exec(text);
  const columns = Number(match?.[1]), rows = Number(match?.[2]);
  if (columns >= 1 && rows >= 1) return { columns, rows };
  throw new InvalidArgumentError("Expected columns and rows such as 4x2.");
}

function parseRate(text: string): number {
  const rate = readNumber(text);
  // a frame lasts at most a minute, and browsers slow down frames of under 20 ms
  if (rate >= 0.02 && rate <= 50) return rate;
  throw new InvalidArgumentError("Expected 0.02 to 50 frames per second.");
}

async function runWalk(flags: WalkFlags): Promise<void> {
  const { seeds, grid, direction, fps, out, loop = false } = flags;
  const { trunc: truncation, truncCutoff: truncationCutoff } = flags;
  if (!direction) expectSeeds(seeds);
  if (out !== undefined) {
    if (!/\.(webp|gif)$/i.test(out)) {
      throw new UsageError(`Cannot write ${out}: expected a name that ends in .webp or .gif`);
    }
    await expectWritableFile(out);
  }
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  expectGenerator(run, "walk between seeds");
  const weights = weightsOf(run, flags.weights);
  const cells = grid && grid.columns * grid.rows > 1 ? `-${grid.columns}x${grid.rows}` : "";
  const path = out === undefined
    ? drawnPath(
      run,
      drawnName(
        `walk-${namedSeeds(seeds)}${cells}${namedDirections(direction)}`,
        `-${namedTruncation(flags)}-${weights}.webp`,
        {
          ...{ seeds: seedsNotInName(seeds), direction: directionsNotInName(direction) },
          ...{ labels: flags.labels, loop: flags.loop, size: flags.size },
          frames: flags.frames === FRAMES ? undefined : flags.frames,
          fps: fps === FPS ? undefined : fps,
        },
      ),
    )
    : resolve(out);
  const options: WalkOptions = {
    frames: flags.frames,
    loop,
    fps,
    ...(grid ? { grid } : {}),
    size: flags.size,
    truncation,
    truncationCutoff,
    weights,
    labels: flags.labels,
    onProgress: (fraction) => status.progress("Drawing", fraction),
    onWriting: () => status.progress("Writing the animation …"),
  };
  const frames = direction
    ? await writeDirectionWalk(
      run,
      path,
      seeds,
      await resolveEdits(run, direction, { weights }),
      options,
    )
    : await run.walk(path, seeds, options);
  status.done();
  printDrawn(run, {
    files: [path],
    json: flags.json,
    facts: { seeds, frames, fps, truncation, weights },
  });
}
