/** `deno task sample`: draws images of seeds, as a grid or as files. */
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { expectWritableFile, expectWritableFolder } from "../../core/expect_writable.ts";
import { type HostImages, writeGrid } from "../../core/images/mod.ts";
import { type DrawOptions, labelsOf, weightsOf } from "../../core/run/draw/draw_options.ts";
import {
  drawnName,
  imageNames,
  namedSeeds,
  seedsNotInName,
} from "../../core/run/draw/drawn_name.ts";
import { cellScale } from "../../core/run/draw/cell_scale.ts";
import { drawnPath } from "../../core/run/draw/drawn_path.ts";
import { expectGenerator } from "../../core/run/draw/expect_generator.ts";
import { expectGrid } from "../../core/run/draw/expect_writable.ts";
import { type NamedEdit, resolveEdits } from "../../core/run/latent/find_directions.ts";
import { edited } from "../../core/run/latent/styled_image.ts";
import { drawStyled, type Source, stylesOf } from "../../core/run/latent/styled_images.ts";
import type { Run } from "../../core/run/run.ts";
import { UsageError } from "../errors.ts";
import { addDrawing, type DrawFlags, namedTruncation } from "../flags/draw_flags.ts";
import { addDirection, directionsNotInName, namedDirections } from "../flags/direction_flag.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { expectPng } from "../flags/out_path.ts";
import { scaleOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { parseSources } from "../flags/sources.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface SampleFlags extends RunFlags, DrawFlags {
  seeds: Source[];
  direction?: NamedEdit[];
  grid?: string | true;
  out?: string;
  columns?: number;
  scale?: number;
}

export function register(program: Command): void {
  const command = program.command("sample")
    .description("Draw images from seeds with a run")
    .addOption(
      new Option(
        "--seeds <list>",
        "Seeds to draw; with one checkpoint, a seed always gives the same image",
      ).argParser(parseSources)
        .default(parseSources("0-63"), "0-63"),
    )
    .option("--grid [file]", "Write a grid of all images (default: in the run's folder)")
    .option(
      "--out <folder>",
      "Write each image to a separate PNG instead; a name that ends in .png writes a grid, as " +
        "--grid does",
    )
    .addOption(
      new Option("--columns <number>", "Images per row of the grid (default: nearly square)")
        .argParser(parsePositive),
    )
    .addOption(scaleOption("for grids, so that a cell has 64 px"))
    .addHelpText(
      "after",
      `
Examples:
  deno task sample --seeds 0-63 --trunc 0.7
  deno task sample --run 3 --seeds 1,5,600-605 --out faces
  deno task sample --checkpoint 120k --weights live --grid live.png
  deno task sample --seeds 0-7,@cat --direction 3:+2.5@coarse`,
    );
  addDirection(command);
  addDrawing(command);
  addRun(command);
  command.action(runSample);
}

async function runSample(given: SampleFlags): Promise<void> {
  const flags = withFileAsGrid(given);
  await expectPlaces(flags);
  const status = createStatus(flags.json);
  const { seeds, trunc: truncation, truncCutoff: truncationCutoff, out, direction = [] } = flags;
  using run = await openChosenRun(flags, status);
  expectGenerator(run, "draw samples");
  expectGrid(run, out !== undefined && flags.grid === undefined ? 1 : seeds.length, flags);
  const weights = weightsOf(run, flags.weights),
    options: DrawOptions = {
      truncation,
      truncationCutoff,
      weights,
      labels: flags.labels,
      onProgress: (fraction) => status.progress("Drawing", fraction),
    };
  const path = out !== undefined && flags.grid === undefined
    ? undefined
    : typeof flags.grid === "string"
    ? resolve(flags.grid)
    : drawnPath(
      run,
      drawnName(
        `sample-${namedSeeds(seeds)}${namedDirections(direction)}`,
        `-${namedTruncation(flags)}-${weights}.png`,
        {
          ...{ seeds: seedsNotInName(seeds), direction: directionsNotInName(direction) },
          ...{ labels: flags.labels, columns: flags.columns, scale: flags.scale },
        },
      ),
    );
  if (path !== undefined) await expectWritableFile(path);
  const numbers = seeds.filter((seed) => typeof seed === "number");
  const labels = labelsOf(run, flags.labels, numbers);
  const images = direction.length === 0
    ? await run.draw(seeds, options)
    : await drawMoved(run, seeds, direction, options);
  status.done();
  const files: string[] = [];
  if (out !== undefined) files.push(...await writeEach(out, images, seeds, flags.scale ?? 1));
  if (path !== undefined) {
    const scale = flags.scale ?? cellScale(run);
    await writeGrid(path, images, { scale, ...(flags.columns ? { columns: flags.columns } : {}) });
    files.push(path);
  }
  printDrawn(run, {
    files,
    json: flags.json,
    facts: {
      seeds,
      truncation,
      weights,
      ...(labels ? { labels: labels.map((i) => run.dataset.labels[i]) } : {}),
    },
  });
}

/** Draws images moved along directions. */
async function drawMoved(
  run: Run,
  sources: readonly Source[],
  directions: readonly NamedEdit[],
  options: DrawOptions,
): Promise<HostImages> {
  const edits = await resolveEdits(run, directions, { weights: options.weights });
  const images = await stylesOf(run, sources, options);
  return await drawStyled(run, images.map((image) => edited(image, edits)), options);
}

/** Treats `--out faces.png` as a file, as the commands that draw one picture do. */
function withFileAsGrid({ out, ...flags }: SampleFlags): SampleFlags {
  if (out === undefined) return flags;
  if (!/\.png$/i.test(out)) return { ...flags, out };
  if (flags.grid === undefined || flags.grid === true) return { ...flags, grid: out };
  throw new UsageError(
    `Cannot write ${out}: expected one picture, received --grid ${flags.grid}, too. Leave one ` +
      `of them out`,
  );
}

/** @throws UsageError where the results could not be written */
async function expectPlaces({ out, grid }: SampleFlags): Promise<void> {
  if (typeof grid === "string") await expectPng(grid);
  if (out === undefined) return;
  if (/\.(jpe?g|webp|gif|tiff?|avif|bmp)$/i.test(out)) {
    throw new UsageError(
      `Cannot write ${out}: expected a folder, or a name that ends in .png for a grid`,
    );
  }
  await expectWritableFolder(out);
}

async function writeEach(
  folder: string,
  { data, shape }: HostImages,
  seeds: readonly Source[],
  scale: number,
): Promise<string[]> {
  const size = data.length / seeds.length;
  const files: string[] = [];
  for (const [i, name] of imageNames(seeds).entries()) {
    const path = join(resolve(folder), `${name}.png`);
    const one = { data: data.subarray(i * size, (i + 1) * size), shape: [1, ...shape.slice(1)] };
    await writeGrid(path, one, { columns: 1, scale, transparent: true });
    files.push(path);
  }
  return files;
}
