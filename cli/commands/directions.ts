/**
 * `deno task directions`: finds directions in w that change one property of a picture, and names
 * them.
 */
import { print } from "../terminal/print.ts";
import { resolve } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { expectWritableFile } from "../../core/expect_writable.ts";
import { writeGrid } from "../../core/images/mod.ts";
import { KEPT_NAME } from "../../core/kept_name_pattern.ts";
import { weightsOf } from "../../core/run/draw/draw_options.ts";
import { drawnName } from "../../core/run/draw/drawn_name.ts";
import { cellScale } from "../../core/run/draw/cell_scale.ts";
import { drawnPath } from "../../core/run/draw/drawn_path.ts";
import { expectGrid } from "../../core/run/draw/expect_writable.ts";
import { drawDirections, GRID_AMOUNTS } from "../../core/run/latent/direction_grid.ts";
import {
  expectNewDirection,
  keepDirection,
  keptDirections,
} from "../../core/run/latent/direction_file.ts";
import { exampleDirection } from "../../core/run/latent/example_direction.ts";
import {
  DIRECTION_METHODS,
  type DirectionMethod,
  findDirections,
  originOf,
} from "../../core/run/latent/find_directions.ts";
import { expectLatentSpace } from "../../core/run/latent/latent_space.ts";
import { layersNamed } from "../../core/run/latent/style_layers.ts";
import type { Source } from "../../core/run/latent/styled_images.ts";
import type { Notices } from "../../core/run/notices.ts";
import type { Run } from "../../core/run/run.ts";
import { UsageError } from "../errors.ts";
import { addDrawing, type DrawFlags, namedTruncation } from "../flags/draw_flags.ts";
import { parsePositive } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { expectPng } from "../flags/out_path.ts";
import { scaleOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { parseSources } from "../flags/sources.ts";
import { printDrawn } from "../terminal/print_drawn.ts";
import { createStatus } from "../terminal/status.ts";

interface DirectionsFlags extends RunFlags, DrawFlags {
  method: DirectionMethod;
  layers: string;
  count: number;
  seed: Source[];
  examples?: [string, string];
  save?: { name: string; number: number }[];
  out?: string;
  scale?: number;
}

/** A direction to show. */
interface Shown {
  origin: string;
  /** Share of the variance that it explains, 0 … 1; for examples, the share on the correct side. */
  share: number;
  step: Float32Array;
}

/** Directions to show by default. */
const COUNT = 10;

export function register(program: Command): void {
  const command = program.command("directions")
    .description("Find directions in w that change one property of an image, and name them")
    .addOption(
      new Option(
        "--method <method>",
        "sefa: directions that change styles most; pca: directions of largest variance in w",
      ).choices(DIRECTION_METHODS).default("sefa"),
    )
    .addOption(
      new Option("--layers <layers>", "all, coarse, middle, fine, or numbers such as 0-3")
        .default("all"),
    )
    .addOption(
      new Option("--count <number>", "Number of directions to show, strongest first")
        .argParser(parsePositive).default(COUNT),
    )
    .addOption(
      new Option("--seed <seed>", "Image to move: a seed or @name")
        .argParser(parseSources).default(parseSources("0"), "0"),
    )
    .addOption(
      new Option(
        "--examples <from,to>",
        "Direction from one class of the run to another, or between two folders of images",
      ).argParser(parsePair),
    )
    .addOption(
      new Option("--save <name=number>", "Save a direction in the run's folder under a name")
        .argParser(parseSave),
    )
    .option("--out <file>", "PNG file (default: in the run's folder)")
    .addOption(scaleOption())
    .addHelpText(
      "after",
      `
The rows of the picture are directions, the columns ${GRID_AMOUNTS[0]} … ${
        GRID_AMOUNTS.at(-1)
      } standard deviations of w.
Use sample --direction 3:+2.5, pca3:-2@coarse or smile:2 to move an image along
them. With --examples there is only one direction: --save smile names it.

Examples:
  deno task directions --run 3
  deno task directions --method pca --layers coarse --save turn=2,smile=5
  deno task directions --examples ~/plain,~/smiling --save smile`,
    );
  addDrawing(command);
  addRun(command);
  command.action(runDirections);
}

function parsePair(text: string): [string, string] {
  const parts = text.split(",").map((part) => part.trim());
  const [from, to] = parts;
  if (parts.length === 2 && from && to) return [from, to];
  throw new InvalidArgumentError("Expected two classes or two folders such as plain,smiling.");
}

const SAVE = new RegExp(String.raw`^(${KEPT_NAME})(?:=([1-9]\d{0,3}))?$`, "u");

/** Parses "smile=3,hat=5"; a name without a number means the first direction. */
function parseSave(
  text: string,
  before: DirectionsFlags["save"] = [],
): NonNullable<DirectionsFlags["save"]> {
  return [
    ...before,
    ...text.split(",").map((part) => {
      const match = SAVE.exec(part.trim());
      if (!match) {
        throw new InvalidArgumentError("Expected names and numbers such as smile=3,hat=5.");
      }
      // the pattern's first group always matches
      return { name: match[1]!, number: Number(match[2] ?? 1) };
    }),
  ];
}

async function runDirections(flags: DirectionsFlags): Promise<void> {
  const { layers, save = [], examples, out } = flags;
  const { trunc: truncation, truncCutoff: truncationCutoff } = flags;
  if (out !== undefined) await expectPng(out);
  if (flags.seed.length !== 1) {
    throw new UsageError(
      `Cannot show directions: expected one --seed, received ${flags.seed.length}`,
    );
  }
  const twice = save.find(({ name }, i) => save.some((one, j) => j < i && one.name === name));
  if (twice) {
    throw new UsageError(
      `Cannot save two directions as ${twice.name}: expected a name each. Give one another name`,
    );
  }
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  const chosen = layersNamed(layers, expectLatentSpace(run, "find directions").layers);
  const weights = weightsOf(run, flags.weights);
  for (const { name } of save) await expectNewDirection(run, name);
  const path = out === undefined
    ? drawnPath(
      run,
      drawnName(
        `directions-${examples ? "examples" : flags.method}-${layers}-seed${flags.seed[0]}`,
        `-${namedTruncation(flags)}-${weights}.png`,
        {
          ...{ examples, labels: flags.labels, scale: flags.scale },
          count: flags.count === COUNT ? undefined : flags.count,
        },
      ),
    )
    : resolve(out);
  await expectWritableFile(path);
  status.progress("Looking for directions …");
  const shown = await directionsOf(run, flags, status);
  const cells = GRID_AMOUNTS.length * Math.min(shown.length, flags.count);
  expectGrid(run, cells, { columns: GRID_AMOUNTS.length, scale: flags.scale });
  const wanted = save.map(({ name, number }) => {
    const direction = shown[number - 1];
    if (direction) return { name, direction };
    throw new UsageError(
      `Cannot save ${name}: expected direction 1 … ${shown.length}, received ${number}`,
    );
  });
  const pictured = shown.slice(0, flags.count);
  // exactly one, as checked above
  const images = await drawDirections(run, flags.seed[0]!, pictured.map(({ step }) => step), {
    layers: chosen,
    truncation,
    truncationCutoff,
    weights,
    labels: flags.labels,
    onProgress: (fraction) => status.progress("Drawing", fraction),
  });
  status.done();
  const scale = flags.scale ?? cellScale(run);
  await writeGrid(path, images, { columns: GRID_AMOUNTS.length, scale });
  // another command may have saved one meanwhile
  for (const { name } of save) await expectNewDirection(run, name);
  for (const { name, direction: { origin, step } } of wanted) {
    await keepDirection(run, name, { origin, layers, step: [...step], imagesSeen: run.imagesSeen });
  }
  const kept = await keptDirections(run);
  const facts = pictured.map(({ origin, share }) => ({ origin, share }));
  printDrawn(run, { files: [path], json: flags.json, facts: { layers, directions: facts, kept } });
  if (flags.json) return;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  print(
    examples
      ? `${shown[0]!.origin}: ${percent(shown[0]!.share)} of the examples lie on their own side`
      : pictured.map(({ origin, share }) => `${origin} ${percent(share)}`).join(", "),
  );
  if (kept.length > 0) print(`Kept: ${kept.join(", ")}`);
}

async function directionsOf(
  run: Run,
  { examples, method, layers, weights }: DirectionsFlags,
  status: Notices,
): Promise<Shown[]> {
  if (examples) {
    const { step, accuracy } = await exampleDirection(run, examples, {
      weights,
      onProgress: (fraction) => status.progress("Looking at examples", fraction),
    });
    return [{ origin: `examples ${examples.join(", ")}`, share: accuracy, step }];
  }
  const found = await findDirections(run, { method, layers, weights });
  return found.map(({ share, step }, i) => ({
    origin: originOf({ method, number: i + 1 }),
    share,
    step,
  }));
}
