/** `deno task metrics`: how close a run's images are to its data, and how varied they are. */
import { print, printJson } from "../terminal/print.ts";
import { type Command, Option } from "commander";
import type { MeasuredTable } from "../../core/plugin/mod.ts";
import type { KidResult } from "../../core/metrics/mod.ts";
import type { CopiesDrawn } from "../../core/run/measure/draw_copies.ts";
import type { SampleMeasures } from "../../core/run/measure/measure_run.ts";
import { MEASURED_IMAGES } from "../../core/run/measure/measured_set.ts";
import { parsePositive, parseSeed } from "../flags/fields.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { weightsOption } from "../flags/picture_options.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { formatCount } from "../terminal/format.ts";
import { createStatus } from "../terminal/status.ts";
import { formatTable } from "../terminal/table.ts";

interface MetricsFlags extends RunFlags {
  images?: number;
  paper?: true;
  seed?: number;
  weights?: "ema" | "live";
  split?: "train" | "held-out";
  samples?: string;
  data?: string;
  copies?: true;
  vggWeights?: string;
  cache?: string;
  json?: true;
}

/** Images per set in the ProGAN paper. */
const PAPER_IMAGES = 16_384;

export function register(program: Command): void {
  const command = program.command("metrics")
    .description("Measure a run: sliced Wasserstein distance, MS-SSIM, KID, coverage, copies")
    .addOption(
      new Option(
        "--images <number>",
        `Images per set (default: ${MEASURED_IMAGES}, or half of the data)`,
      ).argParser(parsePositive).conflicts("paper"),
    )
    .option("--paper", `As in the ProGAN paper: ${PAPER_IMAGES} images`)
    .addOption(
      new Option(
        "--seed <number>",
        "Random seed of reals, latents, patches and directions (default: 0)",
      ).argParser(parseSeed),
    )
    .addOption(weightsOption())
    .addOption(
      new Option("--split <which>", "Data to compare with (default: the run's --metrics-split)")
        .choices(["train", "held-out"]),
    )
    .option(
      "--samples <folder>",
      "Measure the images in a folder, at the resolution of the run, instead of the run's samples",
    )
    .option(
      "--data <source>",
      "Where the data of the run is now, if it was moved; for models with measurements of " +
        "their own, such as progan-sr, also other data, never trained on",
    )
    .option("--copies", "Look for samples that copy training images, and draw the nearest ones")
    .option(
      "--vgg-weights <file>",
      "Weights of VGG-19, as for train (default: those of the run if its model has them, " +
        "otherwise those in the cache)",
    )
    .option("--cache <folder>", "Folder for prepared data (default: the user's cache)")
    .option("--json", "Print the results as JSON")
    .addHelpText(
      "after",
      `
SWD (×10³) is smaller the more alike patches look. The floor is the SWD of other
real images to the same reals: what a perfect generator would score. If the run
mirrors images (--flip), half of those other reals are mirrored. Both values fall
with the number of images, so compare only results for the same number. No image
is used twice: if the data has fewer than twice the images, it is split into two
halves, all of which is compared.

KID (×10³, unbiased, mean over 100 subsets) compares features of EfficientNet-lite0,
and of the first block of VGG-19 if its weights are found or given by --vgg-weights.
Density says how real the samples look, coverage how much of the data they cover.

Examples:
  deno task metrics
  deno task metrics --run 3 --images 512 --json
  deno task metrics --run 3 --samples other/pictures   # images of another trainer, measured in the same way`,
    );
  addRun(command);
  command.action(runMetrics);
}

async function runMetrics(flags: MetricsFlags): Promise<void> {
  const status = createStatus(flags.json);
  using run = await openChosenRun(flags, status);
  const wanted = flags.images ?? (flags.paper ? PAPER_IMAGES : MEASURED_IMAGES);
  const { seed, weights, split, samples: folder, data, copies, vggWeights, cache } = flags;
  const measured = await run.metrics({
    images: wanted,
    ...{ seed, weights, split, samples: folder, data, copies, vggWeights, cache },
  });
  const { samples, tables } = measured, { id, imagesSeen, resolution, checkpoint } = run;
  if (!samples) {
    if (!flags.json) return printTables(tables);
    return printJson({ run: id, imagesSeen, resolution, tables });
  }
  const compared = comparedText(samples, wanted);
  if (flags.json) {
    const { images, reals, seed, split, flip, given, weights } = samples;
    const { swd, floor, msSsim, features, copies } = samples;
    return printJson({
      run: id,
      imagesSeen,
      resolution,
      checkpoint,
      ...(given ? { samples: given } : { weights }),
      images,
      reals,
      compared,
      seed,
      split,
      flip,
      swd,
      swdFloor: floor,
      msSsim: {
        samples: msSsim.fake,
        reals: msSsim.real,
        pairs: msSsim.pairs,
        realPairs: msSsim.realPairs,
      },
      features,
      ...(copies ? { copies: withoutPairs(copies) } : {}),
      ...(tables.length > 0 ? { tables } : {}),
    });
  }
  const { given } = samples;
  print(
    given
      ? `${given.folder}: ${formatCount(given.count)} pictures, beside the data of ${id}, ` +
        `${resolution} px`
      : `${id} at ${formatCount(imagesSeen)} images, ${resolution} px`,
  );
  print(`Compared: ${compared}.\n`);
  printSamples(samples);
  if (tables.length > 0) print();
  printTables(tables);
}

/** Says how many images were compared, and why they are fewer than requested. */
function comparedText(
  { images, reals, split, available, msSsim, given, flip }: SampleMeasures,
  wanted: number,
): string {
  const mirrored = flip ? ", half of them mirrored as in training" : "";
  const others = `as many other ${split} reals for the floor${mirrored}`;
  if (images >= wanted) return `${images} images a set, and ${others}`;
  if (given?.count === images) {
    return `${images} images a set, not ${wanted}: ${given.folder} has ${images}; and ${others}`;
  }
  const halves = reals > images
    ? "SWD is the mean over its two halves, each beside samples of its own"
    : `SWD is of one half: for the other, the folder would need ${2 * images} pictures`;
  return `${images} images a set, not ${wanted}: the ${split} data has ${available}, and the ` +
    `floor needs as many other reals ` +
    `as each set has${mirrored}. ${halves}. ` +
    `MS-SSIM is a mean over pairs, of ${2 * msSsim.pairs} samples and of ${
      2 * msSsim.realPairs
    } reals`;
}

/** Leaves out the image pairs, which the picture shows. */
function withoutPairs({ nearest: _, nearestHeldOut: __, ...figures }: CopiesDrawn) {
  return figures;
}

function printSamples({ swd, floor, msSsim, features, copies }: SampleMeasures): void {
  const fixed = (x: number, digits = 2) => x.toFixed(digits);
  print(formatTable(["measure", "samples", "reals"], [
    ...swd.levels.map(({ resolution, value }, i) => [
      `SWD ×10³ at ${resolution} px`,
      fixed(value),
      fixed(floor.levels[i]!.value), // of the same levels
    ]),
    ["SWD ×10³, mean", fixed(swd.average), fixed(floor.average)],
    [
      `MS-SSIM, ${msSsim.pairs} and ${msSsim.realPairs} pairs`,
      fixed(msSsim.fake, 4),
      fixed(msSsim.real, 4),
    ],
    ...features.flatMap(({ features, kid, kidFloor, samples, reals }) => [
      [`KID ×10³, ${features}`, spread(kid), spread(kidFloor)],
      [`density, ${features}`, fixed(samples.density, 3), fixed(reals.density, 3)],
      [`coverage, ${features}`, fixed(samples.coverage, 3), fixed(reals.coverage, 3)],
    ]),
  ], { right: [1, 2] }));
  if (copies) printCopies(copies);
}

function printCopies(copies: CopiesDrawn): void {
  const { toTrained, toHeldOut, compared, trained, samples, picture } = copies;
  const share = (100 * copies.copies).toFixed(1);
  print(
    `\nCopies: ${share} % of ${samples} samples are nearer to one of ${trained} training ` +
      `images than 5 % of\n` +
      `those are to each other. Median distance to the nearest of ${compared} training images\n` +
      `${toTrained.toFixed(3)}, of as many held-out ones ${toHeldOut.toFixed(3)}.\n` +
      `Samples, the nearest training and held-out images: ${picture}`,
  );
}

function spread({ mean, spread }: KidResult): string {
  return `${mean.toFixed(2)} ± ${spread.toFixed(2)}`;
}

function printTables(tables: readonly MeasuredTable[]): void {
  for (const { title, columns, rows } of tables) {
    print(`${title}\n\n${formatTable(columns, rows.map((row) => row.map(cell)))}\n`);
  }
}

function cell(value: string | number | null): string {
  if (value === Infinity) return "∞";
  return typeof value === "number" ? value.toFixed(4) : value ?? "";
}
