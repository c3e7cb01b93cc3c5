/** A run's metrics on held-out images, as tables and as a picture. */
import {
  ConfigError,
  counted,
  createEfficientNet,
  type Dataset,
  type EfficientNet,
  efficientNetWeights,
  type HostPicture,
  type MeasuredTable,
  type MeasureOptions,
  messageOf,
  type OpenedRun,
  readVgg,
  seedFor,
  tf,
  upsampleNearest,
  type VggSources,
  vggSources,
  type VggWeights,
  withSeed,
} from "../../core/mod.ts";
import { askedDegradation } from "./degrade/asked_degradation.ts";
import { enlargements, evaluate, type EvaluateOptions } from "./evaluate.ts";
import { fieldFigures, type FieldOptions, LUMA_ALONE } from "./field_figures.ts";
import type { FrozenNetworks } from "./frozen.ts";
import type { ProganSrModel } from "./model.ts";
import { reduce } from "./pairs.ts";
import { enlargerOf } from "./upscale/command.ts";
import { selfEnsemble } from "./upscale/self_ensemble.ts";
import { type Enlarger, fitted } from "./upscale/upscale.ts";

/** Columns of the table, by the keys of their metrics. */
const COLUMNS = [
  ["psnr", "PSNR dB"],
  ["ssim", "SSIM"],
  ["psnrY", "PSNR Y dB"],
  ["ssimY", "SSIM Y"],
  ["relu1_2", "relu1_2"],
  ["efficientNet", "EfficientNet"],
] as const;

/** Name of the row with the self-ensemble. */
const ENSEMBLE = "ours, ensemble";

/** Columns of the table for whole pictures. */
const FIELD_COLUMNS = [
  ["psnrY", "PSNR Y dB"],
  ["ssimY", "SSIM Y"],
  ["relu1_2", "relu1_2"],
  ["efficientNet", "EfficientNet"],
] as const;

export interface ComparisonOptions {
  resolution?: number; // px a side; default: that of the run
  /** Also measure the mean over the eight rotations and mirrorings. Default false. */
  ensemble?: boolean;
  /** How the inputs are degraded, see `askedDegradation`. Default "clean". */
  degrade?: string;
  /** Seed of the degradation's random draws. Default 0. */
  seed?: number;
}

/**
 * PSNR, SSIM, the distance of EfficientNet-lite0's features (its weights are downloaded once) and,
 * if this machine has VGG-19's weights, that of relu1_2. Where the data has whole pictures, the
 * field's protocol is used.
 * @throws ConfigError where the run has not reached the resolution
 */
export async function measureRun(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  options: MeasureOptions & ComparisonOptions,
): Promise<MeasuredTable[]> {
  const comparison = comparisonOf(run, options);
  const vgg = options.vggWeights === undefined
    ? readRunVgg(vggSources(String(run.context.config.vggWeights ?? "")), options.warn)
    : readVgg(vggSources(options.vggWeights));
  const efficientNet = await openEfficientNet(options);
  try {
    const frozen = { vgg, efficientNet };
    const tables = await tablesOf(run, dataset, comparison, { ...options, frozen });
    warnOfInfinite(tables, options.warn);
    return tables;
  } finally {
    efficientNet?.dispose();
  }
}

async function tablesOf(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  comparison: ReturnType<typeof comparisonOf>,
  options: MeasureOptions & ComparisonOptions & { frozen: FrozenNetworks },
): Promise<MeasuredTable[]> {
  const { count, frozen, signal, degrade = "clean" } = options;
  const isClean = degrade === "clean";
  const degradation = isClean ? "" : `, --degrade ${degrade}`;
  if (dataset.wholePictures) {
    return [
      await fieldTable(run, dataset.wholePictures("held-out"), {
        name: dataset.info.name,
        degradation,
        networks: comparison.networks,
        ...(isClean ? {} : { reduce: fieldReduction(comparison.scale, options) }),
        count,
        frozen,
        signal,
        onPicture: (done) => options.progress(0, `comparing, pictures done: ${done}`),
      }),
    ];
  }
  const networks = Object.fromEntries(
    Object.entries(comparison.networks).map(([name, { enlarge }]) => [name, enlarge]),
  );
  const { images, figures } = await evaluate(dataset, {
    ...comparison,
    networks,
    count,
    frozen,
    signal,
    onProgress: (fraction) => options.progress(fraction, "comparing"),
  });
  // "ours" is always compared
  const columns = COLUMNS.filter(([key]) => figures.ours![key] !== undefined);
  const { resolution, scale } = comparison;
  return [{
    title:
      `${counted(images, "held-out image")} of ${dataset.info.name}, ${
        resolution / scale
      } → ${resolution} px${degradation}, ` +
      `8 bits, ${scale} px cropped from each border`,
    columns: ["method", ...columns.map(([, name]) => name)],
    rows: Object.entries(figures).map(([method, means]) => [
      method,
      ...columns.map(([key]) => means[key] ?? null),
    ]),
  }];
}

async function fieldTable(
  run: OpenedRun<ProganSrModel>,
  whole: AsyncIterable<HostPicture>,
  { name, degradation, ...options }: Omit<FieldOptions, "width"> & {
    name: string;
    degradation: string;
  },
): Promise<MeasuredTable> {
  const { scale } = run.model, width = Number(run.context.config.channels);
  const { pictures, figures } = await fieldFigures(whole, { width, ...options });
  const columns = FIELD_COLUMNS.filter(([key]) => figures.ours![key] !== undefined);
  // This row is only there to match published figures, which use the plain reduction.
  const rows = Object.entries(figures).filter(([method]) => !degradation || method !== LUMA_ALONE);
  return {
    title: `${counted(pictures, "whole picture")} of ${name}, by ${scale}: ` +
      `reduced by MATLAB's imresize${degradation}, ` +
      `8 bits, Y of BT.601, ${scale} px cropped from each border`,
    columns: ["method", ...columns.map(([, head]) => head)],
    rows: rows.map(([method, means]) => [
      method,
      ...columns.map(([key]) => means[key] ?? null),
    ]),
  };
}

/** @returns undefined where the weights are not available, after a warning */
async function openEfficientNet(
  { progress, warn }: Pick<MeasureOptions, "progress" | "warn">,
): Promise<EfficientNet | undefined> {
  try {
    const weights = await efficientNetWeights({
      onProgress: ({ message, fraction }) => progress(fraction ?? 0, message),
    });
    return createEfficientNet(weights);
  } catch (error) {
    warn?.(`no distance of EfficientNet-lite0's features: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Reads the weights that a run used. The file that it names may have moved since, so the cache is
 * tried as well.
 * @param sources the run's file, the user's cache
 * @returns undefined where neither exists
 */
export function readRunVgg(
  sources: VggSources,
  warn?: (message: string) => void,
): VggWeights | undefined {
  try {
    return readVgg(sources);
  } catch (error) {
    if (!sources.file) throw error; // so the cache is damaged
    const vgg = readVgg({ ...sources, file: "" });
    warn?.(
      `${messageOf(error)}. ` +
        (vgg ? "The cached weights are used" : "relu1_2 is left out; give --vgg-weights"),
    );
    return vgg;
  }
}

/**
 * Held-out images as cells of low, bicubic, ours and real: [N · 4, R, R, C] in [-1, 1].
 * @param options.count at most this many, starting from image `from`
 */
export async function comparisonCells(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  options: { count: number; from: number } & ComparisonOptions,
): Promise<{ data: Float32Array; shape: number[] }> {
  const comparison = comparisonOf(run, options);
  const { resolution, scale } = comparison;
  const count = Math.min(options.count, dataset.info.heldOutCount - options.from);
  const loader = dataset.open({
    resolution,
    batchSize: count,
    cursor: options.from,
    seed: 0,
    split: "held-out",
    shuffle: false,
  });
  try {
    const { images } = await loader.next();
    if (!images) throw new TypeError("Cannot draw: expected images in the data, received none");
    const cells = tf.tidy(() => {
      const shape = images.shape as [number, number, number, number]; // NHWC
      const high = tf.tensor4d(images.data, shape);
      const { networks } = comparison, network = networks[ENSEMBLE] ?? networks.ours;
      const { low, bicubic, ours, real } = enlargements(high, {
        ...comparison,
        networks: { ours: fitted(network, shape[3]) },
      });
      return tf.stack([upsampleNearest(low, scale), bicubic, ours, real], 1)
        .reshape([count * 4, ...high.shape.slice(1)]);
    });
    const data = await cells.data() as Float32Array; // float32
    cells.dispose();
    return { data, shape: cells.shape };
  } finally {
    loader.close();
  }
}

/**
 * Explains why a mean PSNR is infinite: a single picture suffices, and it hides the others' values.
 */
export function warnOfInfinite(
  tables: readonly MeasuredTable[],
  warn?: (message: string) => void,
): void {
  if (!tables.some(({ rows }) => rows.some((row) => row.includes(Infinity)))) return;
  warn?.(
    "a mean PSNR is infinite: at least one picture, perhaps of a single colour, is reproduced " +
      "exactly. Leave it out of the data to compare the others",
  );
}

/** The compared networks by the names of their rows. */
type Networks = { ours: Enlarger; [ENSEMBLE]?: Enlarger };

function comparisonOf(
  run: OpenedRun<ProganSrModel>,
  options: ComparisonOptions,
): Pick<EvaluateOptions, "resolution" | "scale" | "reduce"> & { networks: Networks } {
  const { resolution = run.context.phase.resolution, ensemble = false } = options;
  const network = enlargerOf(run), { scale } = network;
  const reached = run.context.phase.resolution;
  if (resolution > reached) {
    throw new ConfigError(
      `Cannot measure ${run.id} at ${resolution} px: expected a checkpoint that has reached ` +
        `it, received one at ` +
        `${reached} px. Train on with deno task train --resume ${run.id}, or ask for ` +
        `--resolution ${reached}`,
    );
  }
  return {
    networks: { ours: network, ...(ensemble ? { [ENSEMBLE]: selfEnsemble(network) } : {}) },
    resolution,
    scale,
    reduce: degradedReduction(run.model.reduce, options),
  };
}

/** MATLAB's reduction, with the degradation that the options ask for. */
function fieldReduction(scale: number, options: ComparisonOptions): EvaluateOptions["reduce"] {
  return degradedReduction((high) => reduce(high, scale, "imresize"), options);
}

/** Each call draws new random numbers, but the sequence of calls is reproducible. */
function degradedReduction(
  reduction: EvaluateOptions["reduce"],
  { degrade = "clean", seed = 0 }: ComparisonOptions,
): EvaluateOptions["reduce"] {
  const reduce = askedDegradation(degrade, reduction);
  let calls = 0;
  return (high) => withSeed(seedFor(seed, "compare", calls++), () => reduce(high));
}
