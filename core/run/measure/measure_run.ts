/**
 * Measures how close a run's images are to its data and how diverse, or what its plugins measure.
 */
import type { Dataset } from "../../data.ts";
import type { SwdResult } from "../../metrics/mod.ts";
import { inOrder, type MeasuredTable } from "../../plugin/mod.ts";
import { expectSeed } from "../../seed.ts";
import { openMeasuredDataset, openOwnDataset } from "../data/measured_dataset.ts";
import { drawnFolder } from "../draw/drawn_path.ts";
import { expectGenerator } from "../draw/expect_generator.ts";
import { expectWritablePart } from "../folder/expect_writable_part.ts";
import type { LoadedRun } from "../loaded_run.ts";
import { RunError } from "../run_error.ts";
import { compareFeatures, type FeatureComparison, FEWEST_COMPARED } from "./compare_features.ts";
import { compareMsSsim, type MsSsimComparison } from "./compare_ms_ssim.ts";
import { compareSwd } from "./compare_swd.ts";
import { type CopiesDrawn, drawCopies } from "./draw_copies.ts";
import { MEASURED_IMAGES, type MeasureOptions } from "./measured_set.ts";
import { openFolderSamples } from "./folder_samples.ts";
import { openExtractors } from "./open_extractors.ts";

/** What to measure; all options have defaults. */
export interface MeasureRunOptions {
  /** Number of images in each set. Default 2,048, or half of the data where that is fewer. */
  images?: number | undefined;
  /** Seed of the choice of reals, latents, patches and directions. Default 0. */
  seed?: number | undefined;
  /** Default: the average where the run keeps one. */
  weights?: "ema" | "live" | undefined;
  /** Data to compare with. Default: the run's `metricsSplit`. */
  split?: "train" | "held-out" | undefined;
  /**
   * Folder of pictures to measure instead of the run's images, for example from another trainer; of
   * the run's current resolution. Their number limits `images`.
   */
  samples?: string | undefined;
  /**
   * Where the run's data is now, if it was moved. For models that measure themselves, also other
   * data, on which it was never trained.
   */
  data?: string | undefined;
  /** File with VGG-19's weights. Default: the cached first block, where available. */
  vggWeights?: string | undefined;
  /** Folder of prepared data. Default: the user's cache. */
  cache?: string | undefined;
  /**
   * Whether to look for samples that copy training images, and draw the closest ones. Default
   * false.
   */
  copies?: boolean | undefined;
  signal?: AbortSignal;
}

/** Metrics of generated images, with those of the data. */
export interface SampleMeasures {
  /** Sliced Wasserstein distance of the samples to the reals, ×10³. */
  swd: SwdResult;
  /**
   * Distance of other reals, mirrored like the run's, to the same reals: what a perfect generator
   * would reach.
   */
  floor: SwdResult;
  /** Mean MS-SSIM of pairs: lower is more diverse. */
  msSsim: MsSsimComparison;
  /** Metrics in the features of each pretrained network whose weights are available. */
  features: FeatureComparison[];
  copies?: CopiesDrawn;
  images: number;
  /** Number of reals compared with. */
  reals: number;
  /** Number of reals available. */
  available: number;
  seed: number;
  split: "train" | "held-out";
  /** Whether the run, and thus the other reals, are mirrored. */
  flip: boolean;
  /** The generator's weights. Absent for pictures of a folder. */
  weights?: "ema" | "live";
  /** The folder of pictures that were measured instead of the run's own, and their number. */
  given?: { folder: string; count: number };
}

/** Result of {@linkcode measureRun}. */
export interface RunMeasures {
  /** Absent where the model measures itself. */
  samples?: SampleMeasures;
  /** Tables of plugins that measure, the model's first. */
  tables: MeasuredTable[];
}

/**
 * Measures a run against its data.
 * @throws RunError where the model can't be measured with these options
 */
export async function measureRun(
  run: LoadedRun,
  options: MeasureRunOptions = {},
): Promise<RunMeasures> {
  const isOwn = run.loaded.model.plugin.measure !== undefined;
  if (isOwn) expectOwnMeasures(run, options);
  else expectSampleMeasures(run, options);
  if (options.copies) await expectWritablePart(drawnFolder(run));
  const { notices, resolution } = run, { cache, data } = options;
  const open = isOwn ? openMeasuredDataset : openOwnDataset;
  const dataset = await open(run, data, { notices, cache, resolution });
  try {
    const samples = isOwn ? undefined : await measureSamples(run, dataset, options);
    // plugins measure the run itself, which would be misleading next to a folder's metrics
    const tables = options.samples === undefined
      ? await measuredByPlugins(run, dataset, options)
      : [];
    return { ...(samples ? { samples } : {}), tables };
  } finally {
    notices.done();
    dataset.close();
  }
}

/** MS-SSIM needs pairs. */
const FEWEST_IMAGES = 2;

/** @throws RunError where the run's images can't be measured with these options */
function expectSampleMeasures(
  run: LoadedRun,
  { images = FEWEST_IMAGES, weights, samples }: MeasureRunOptions,
): void {
  expectGenerator(run, "measure samples");
  if (images < FEWEST_IMAGES) {
    throw new RunError(
      `Cannot measure --images ${images}: expected at least ${FEWEST_IMAGES}, of which MS-SSIM ` +
        `compares pairs`,
    );
  }
  if (weights !== undefined && samples !== undefined) {
    throw new RunError(
      `Cannot measure --weights ${weights} with --samples ${samples}: expected pictures from one ` +
        `or the other. Leave one out`,
    );
  }
  if (weights === "ema" && !run.training.average) {
    throw new RunError(
      `Cannot measure --weights ema of ${run.id}: it keeps no average. Use --weights live`,
    );
  }
}

/**
 * Refuses options that a model that measures itself would ignore.
 * @throws RunError naming the flag
 */
export function expectOwnMeasures(
  { id, plugin }: Pick<LoadedRun, "id" | "plugin">,
  { weights, split, seed, samples }: Pick<
    MeasureRunOptions,
    "weights" | "split" | "seed" | "samples"
  >,
): void {
  const flag = samples !== undefined
    ? `--samples ${samples}`
    : weights === "live"
    ? "--weights live"
    : split === "train"
    ? "--split train"
    : seed !== undefined
    ? `--seed ${seed}`
    : undefined;
  if (flag === undefined) return;
  throw new RunError(
    `Cannot use ${flag} with ${id}: expected a model that draws images from latents alone, ` +
      `received one of ${plugin}, ` +
      `which measures its averaged weights on held-out data in order. Leave ${flag} out`,
  );
}

async function measureSamples(
  run: LoadedRun,
  dataset: Dataset,
  options: MeasureRunOptions,
): Promise<SampleMeasures> {
  const { training, runConfig, notices } = run;
  const { images = MEASURED_IMAGES, vggWeights } = options, { flip } = runConfig;
  const seed = expectSeed(options.seed ?? 0);
  // runs of older versions lack this option
  const split = options.split ?? runConfig.metricsSplit ?? "train";
  const weights = options.weights ?? (training.average ? "ema" : "live");
  const given = options.samples === undefined
    ? undefined
    : await openFolderSamples(run, options.samples, seed);
  const onProgress = (message: string, fraction: number) => notices.progress(message, fraction);
  const measuring: MeasureOptions = {
    ...{ images, seed, split, weights, flip, onProgress },
    ...(given ? { samples: given } : {}),
  };
  const { swd, floor, reals } = await compareSwd(training, dataset, measuring);
  const msSsim = await compareMsSsim(training, dataset, measuring);
  const features: FeatureComparison[] = [];
  let copies: CopiesDrawn | undefined;
  const tooFew = swd.images < FEWEST_COMPARED;
  if (tooFew) {
    notices.warn(
      `no KID, density and coverage: expected at least ${FEWEST_COMPARED} images of each set, ` +
        `received ${swd.images}`,
    );
  }
  for (const extractor of tooFew ? [] : await openExtractors(notices, vggWeights)) {
    try {
      notices.progress(`Comparing features of ${extractor.name}`);
      features.push(await compareFeatures(training, dataset, extractor, measuring));
      copies ??= options.copies ? await drawCopies(run, dataset, extractor, measuring) : undefined;
    } finally {
      extractor.dispose();
    }
  }
  const { count, heldOutCount } = dataset.info;
  const available = split === "train" ? count : heldOutCount;
  return {
    ...{ swd, floor, msSsim, features, ...(copies ? { copies } : {}) },
    ...{ images: swd.images, reals, available, seed, split, flip },
    ...(given ? { given: { folder: given.folder, count: given.count } } : { weights }),
  };
}

async function measuredByPlugins(
  run: LoadedRun,
  dataset: Dataset,
  { images = MEASURED_IMAGES, vggWeights, signal = new AbortController().signal }:
    MeasureRunOptions,
): Promise<MeasuredTable[]> {
  const tables: MeasuredTable[] = [], { notices } = run;
  for (const { plugin, context } of inOrder(run.training.plugins)) {
    const measured = await plugin.measure?.({ ...run, context }, dataset, {
      count: images,
      ...(vggWeights === undefined ? {} : { vggWeights }),
      progress: (fraction, message) => notices.progress(message, fraction),
      warn: (message) => notices.warn(message),
      signal,
    });
    tables.push(...measured ?? []);
  }
  return tables;
}
