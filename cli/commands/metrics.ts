/** `deno task metrics`: how near a run's images are to its data, and how varied. */
import { type Command, Option } from "commander";
import type { Dataset } from "../../core/data.ts";
import { inOrder, type MeasuredTable } from "../../core/plugin/mod.ts";
import { UsageError } from "../errors.ts";
import { compareMsSsim, compareSwd, type MeasureOptions } from "../../core/run/measure/measure.ts";
import { openMeasuredDataset } from "../../core/run/data/measured_dataset.ts";
import { parseCount, parsePositive } from "../flags/fields.ts";
import { formatCount } from "../terminal/format.ts";
import { createStatus, type Status } from "../terminal/status.ts";
import { formatTable } from "../terminal/table.ts";
import { openChosenRun } from "../flags/open_chosen_run.ts";
import { addRun, type RunFlags } from "../flags/run_flags.ts";
import { expectGenerator, type OpenRun } from "../../core/run/open_run.ts";

interface MetricsFlags extends RunFlags {
  images?: number;
  paper?: true;
  seed?: number;
  weights?: "ema" | "live";
  split?: "train" | "held-out";
  data?: string;
  cache?: string;
  json?: true;
}

/** Images of a set: what two cores manage in minutes, and what ProGAN's authors took. */
const IMAGES = 2048, PAPER_IMAGES = 16_384;

/** Adds the command. */
export function register(program: Command): void {
  const command = program.command("metrics")
    .description("Measure a run: sliced Wasserstein distance by level, MS-SSIM")
    .addOption(
      new Option(
        "--images <number>",
        `Images of each set (default: ${IMAGES}, or half of the data)`,
      )
        .argParser(parsePositive).conflicts("paper"),
    )
    .option("--paper", `As in the ProGAN paper: ${PAPER_IMAGES} images`)
    .addOption(
      new Option("--seed <number>", "Of reals, latents, patches and directions (default: 0)")
        .argParser(parseCount),
    )
    .addOption(
      new Option(
        "--weights <which>",
        "The averaged generator, or the one that trains (default: ema)",
      )
        .choices(["ema", "live"]),
    )
    .addOption(
      new Option("--split <which>", "Data to compare with (default: the run's --metrics-split)")
        .choices(["train", "held-out"]),
    )
    .option(
      "--data <source>",
      "Other data than the run's, never trained on; for models that measure themselves, as progan-sr does",
    )
    .option("--cache <folder>", "Where prepared data is kept (default: the user's cache)")
    .option("--json", "Print the figures as JSON")
    .addHelpText(
      "after",
      `
SWD (×10³) is smaller where patches look alike. The floor is that of other reals
to the same reals: what a perfect generator would get. Both fall with the number
of images: compare figures of the same number only. No image is taken twice, so
data of fewer than twice the images is cut into two halves; all of it is
compared.

Examples:
  deno task metrics
  deno task metrics --run 3 --images 512 --json`,
    );
  addRun(command);
  command.action(runMetrics);
}

async function runMetrics(flags: MetricsFlags): Promise<void> {
  const status = createStatus(flags.json);
  const run = await openChosenRun(flags, status);
  try {
    if (run.loaded.model.plugin.measure) {
      expectOwnFlags(run, flags);
      return await printOwn(run, flags, status);
    }
    expectGenerator(run, "measure");
    if (flags.data !== undefined) {
      throw new UsageError(
        `Cannot measure ${run.id} on --data ${flags.data}: expected a model that measures itself, as progan-sr does, ` +
          `received ${run.plugin}`,
      );
    }
    const { training } = run;
    if (flags.weights === "ema" && !training.average) {
      throw new UsageError(
        `Cannot measure --weights ema of ${run.id}: it keeps no average. Use --weights live`,
      );
    }
    const place = { notices: status, cache: flags.cache, resolution: run.resolution };
    const dataset = await openMeasuredDataset(run, undefined, place);
    try {
      const seed = flags.seed ?? 0;
      const wanted = flags.images ?? (flags.paper ? PAPER_IMAGES : IMAGES);
      const weights = flags.weights ?? (training.average ? "ema" : "live");
      const split = flags.split ?? run.spec.run.metricsSplit ?? "train"; // older runs have no such option
      const options: MeasureOptions = {
        images: wanted,
        seed,
        split,
        weights,
        onProgress: (message, fraction) => status.progress(message, fraction),
      };
      const { swd, floor, reals } = await compareSwd(training, dataset, options);
      const msSsim = await compareMsSsim(training, dataset, options);
      const tables = await measuredByPlugins(run, dataset, flags, status);
      status.done();
      const { images } = swd, { info } = dataset;
      const count = split === "train" ? info.count : info.heldOutCount;
      const drawn = 2 * msSsim.pairs, read = 2 * msSsim.realPairs;
      const compared = images < wanted
        ? `${images} images a set, not ${wanted}: the ${split} data has ${count}, and the floor needs as many other reals ` +
          `as each set has. SWD is the mean over its two halves, each beside samples of its own. ` +
          `MS-SSIM is a mean over pairs, of ${drawn} samples and of ${read} reals`
        : `${images} images a set, and as many other ${split} reals for the floor`;
      const { id, imagesSeen, resolution, checkpoint } = run;
      if (flags.json) {
        return console.log(JSON.stringify({
          run: id,
          imagesSeen,
          resolution,
          checkpoint,
          weights,
          images,
          reals,
          compared,
          seed,
          split,
          swd,
          swdFloor: floor,
          msSsim: {
            samples: msSsim.fake,
            reals: msSsim.real,
            pairs: msSsim.pairs,
            realPairs: msSsim.realPairs,
          },
          ...(tables.length > 0 ? { tables } : {}),
        }));
      }
      console.log(`${id} at ${formatCount(imagesSeen)} images, ${resolution} px`);
      console.log(`Compared: ${compared}.\n`);
      const fixed = (x: number, digits = 2) => x.toFixed(digits);
      console.log(formatTable(["measure", "samples", "reals"], [
        ...swd.levels.map(({ resolution, value }, i) => [
          `SWD ×10³ at ${resolution} px`,
          fixed(value),
          fixed(floor.levels[i]!.value), // the same levels
        ]),
        ["SWD ×10³, mean", fixed(swd.average), fixed(floor.average)],
        [
          `MS-SSIM, ${msSsim.pairs} and ${msSsim.realPairs} pairs`,
          fixed(msSsim.fake, 4),
          fixed(msSsim.real, 4),
        ],
      ], { right: [1, 2] }));
      if (tables.length > 0) console.log();
      printTables(tables);
    } finally {
      dataset.close();
    }
  } finally {
    run.dispose();
  }
}

/**
 * Asserts that a model that measures itself is asked for nothing that it would not do.
 * @throws UsageError naming the flag
 */
export function expectOwnFlags(
  { id, plugin }: Pick<OpenRun, "id" | "plugin">,
  { weights, split, seed }: Pick<MetricsFlags, "weights" | "split" | "seed">,
): void {
  const flag = weights === "live"
    ? "--weights live"
    : split === "train"
    ? "--split train"
    : seed !== undefined
    ? `--seed ${seed}`
    : undefined;
  if (flag === undefined) return;
  throw new UsageError(
    `Cannot use ${flag} with ${id}: expected a model that draws images from latents alone, received one of ${plugin}, ` +
      `which measures its averaged weights on held-out data in order. Leave ${flag} out`,
  );
}

/** The figures of a model that measures itself, as super-resolution does; and those of its add-ons. */
async function printOwn(run: OpenRun, flags: MetricsFlags, status: Status): Promise<void> {
  const place = { notices: status, cache: flags.cache, resolution: run.resolution };
  const dataset = await openMeasuredDataset(run, flags.data, place);
  try {
    const tables = await measuredByPlugins(run, dataset, flags, status);
    status.done();
    const { id, imagesSeen, resolution } = run;
    if (flags.json) return console.log(JSON.stringify({ run: id, imagesSeen, resolution, tables }));
    printTables(tables);
  } finally {
    dataset.close();
  }
}

/** The tables of all plugins that measure, the model's first. */
async function measuredByPlugins(
  run: OpenRun,
  dataset: Dataset,
  flags: MetricsFlags,
  status: Status,
): Promise<MeasuredTable[]> {
  const tables: MeasuredTable[] = [];
  for (const { plugin, context } of inOrder(run.training.plugins)) {
    tables.push(
      ...await plugin.measure?.({ ...run, context }, dataset, {
        count: flags.images ?? (flags.paper ? PAPER_IMAGES : IMAGES),
        progress: (fraction, message) => status.progress(message, fraction),
        warn: (message) => status.warn(message),
        signal: new AbortController().signal,
      }) ?? [],
    );
  }
  return tables;
}

function printTables(tables: readonly MeasuredTable[]): void {
  for (const { title, columns, rows } of tables) {
    const cells = rows.map((row) => row.map((x) => typeof x === "number" ? x.toFixed(4) : x ?? ""));
    console.log(`${title}\n\n${formatTable(columns, cells)}\n`);
  }
}
