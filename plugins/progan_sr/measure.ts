/** The figures of a run on held-out images, as tables, and a picture of them. */
import {
  ConfigError,
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
  tf,
  upsampleNearest,
  type VggSources,
  vggSources,
  type VggWeights,
} from "../../core/mod.ts";
import { enlargements, evaluate, type EvaluateOptions, METHODS } from "./evaluate.ts";
import { FIELD_METHODS, fieldFigures, type FieldOptions } from "./field_figures.ts";
import type { FrozenNetworks } from "./frozen.ts";
import type { ProganSrModel } from "./model.ts";
import { enlargerOf } from "./upscale/command.ts";
import { type Enlarger, fitted } from "./upscale/upscale.ts";

/** Columns of the table, by the key of their figures. */
const COLUMNS = [
  ["psnr", "PSNR dB"],
  ["ssim", "SSIM"],
  ["psnrY", "PSNR Y dB"],
  ["ssimY", "SSIM Y"],
  ["relu1_2", "relu1_2"],
  ["efficientNet", "EfficientNet"],
] as const;

/** Those of whole pictures. */
const FIELD_COLUMNS = [
  ["psnrY", "PSNR Y dB"],
  ["ssimY", "SSIM Y"],
  ["relu1_2", "relu1_2"],
  ["efficientNet", "EfficientNet"],
] as const;

/**
 * PSNR, SSIM, the distance of EfficientNet-lite0's features (its weights are fetched once) and,
 * where VGG-19's weights are on this machine, that of relu1_2; by the field's protocol where the
 * data keeps whole pictures.
 * @param options.vggWeights file of the weights; absent: as the run found them
 * @throws ConfigError where the run has not reached the resolution
 */
export async function measureRun(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  options: MeasureOptions & { vggWeights?: string },
): Promise<MeasuredTable[]> {
  const comparison = comparisonOf(run, options.resolution);
  const vgg = options.vggWeights === undefined
    ? readRunVgg(vggSources(String(run.context.config.vggWeights ?? "")), options.warn)
    : readVgg(vggSources(options.vggWeights));
  const efficientNet = await openEfficientNet(options);
  try {
    return await tablesOf(run, dataset, comparison, { ...options, frozen: { vgg, efficientNet } });
  } finally {
    efficientNet?.dispose();
  }
}

async function tablesOf(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  comparison: ReturnType<typeof comparisonOf>,
  options: MeasureOptions & { frozen: FrozenNetworks },
): Promise<MeasuredTable[]> {
  const { count, frozen, signal } = options;
  if (dataset.wholePictures) {
    return [
      await fieldTable(run, dataset.wholePictures("held-out"), {
        name: dataset.info.name,
        count,
        frozen,
        signal,
        onPicture: (done) => options.progress(0, `comparing, ${done} pictures done`),
      }),
    ];
  }
  const { images, figures } = await evaluate(dataset, {
    ...comparison,
    count,
    frozen,
    signal,
    onProgress: (fraction) => options.progress(fraction, "comparing"),
  });
  const columns = COLUMNS.filter(([key]) => METHODS.some((m) => figures[m][key] !== undefined));
  const { resolution, scale } = comparison;
  return [{
    title:
      `${images} held-out images of ${dataset.info.name}, ${
        resolution / scale
      } → ${resolution} px, ` +
      `8 bits, ${scale} px cropped from each border`,
    columns: ["method", ...columns.map(([, name]) => name)],
    rows: METHODS.map((method) => [
      method,
      ...columns.map(([key]) => figures[method][key] ?? null),
    ]),
  }];
}

async function fieldTable(
  run: OpenedRun<ProganSrModel>,
  whole: AsyncIterable<HostPicture>,
  { name, ...options }: Omit<FieldOptions, "network" | "width"> & { name: string },
): Promise<MeasuredTable> {
  const network = enlargerOf(run), { scale } = network;
  const width = Number(run.context.config.channels);
  const { pictures, figures } = await fieldFigures(whole, { network, width, ...options });
  const columns = FIELD_COLUMNS.filter(([key]) => figures.ours[key] !== undefined);
  return {
    title: `${pictures} whole pictures of ${name}, by ${scale}: reduced by MATLAB's imresize, ` +
      `8 bits, Y of BT.601, ${scale} px cropped from each border`,
    columns: ["method", ...columns.map(([, head]) => head)],
    rows: FIELD_METHODS.map((method) => [
      method,
      ...columns.map(([key]) => figures[method][key] ?? null),
    ]),
  };
}

/** @returns undefined where its weights can't be had, which is told */
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
 * Weights as a run found them; the file that it names may have moved since, so the cache is tried
 * too.
 * @param sources the run's file, the user's cache
 * @returns undefined where neither is there
 */
export function readRunVgg(
  sources: VggSources,
  warn?: (message: string) => void,
): VggWeights | undefined {
  try {
    return readVgg(sources);
  } catch (error) {
    if (!sources.file) throw error; // the cache is damaged
    const vgg = readVgg({ ...sources, file: "" });
    warn?.(
      `${messageOf(error)}. ` +
        (vgg
          ? "The cached weights are used"
          : "relu1_2 is left out; --vgg-weights of compare gives it"),
    );
    return vgg;
  }
}

/** Held-out images as rows of low, bicubic, ours and real: [N · 4, R, R, C] in [-1, 1]. */
export async function comparisonCells(
  run: OpenedRun<ProganSrModel>,
  dataset: Dataset,
  options: { count: number; from: number; resolution?: number },
): Promise<{ data: Float32Array; shape: number[] }> {
  const comparison = comparisonOf(run, options.resolution);
  const { resolution, scale } = comparison;
  const count = Math.min(options.count, dataset.info.heldOutCount);
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
      const { low, bicubic, ours, real } = enlargements(high, {
        ...comparison,
        enlarge: fitted(comparison.network, shape[3]),
      });
      return tf.stack([upsampleNearest(low, scale), bicubic, ours, real], 1)
        .reshape([count * 4, ...high.shape.slice(1)]);
    });
    const data = await cells.data() as Float32Array; // of float32
    cells.dispose();
    return { data, shape: cells.shape };
  } finally {
    loader.close();
  }
}

function comparisonOf(
  run: OpenedRun<ProganSrModel>,
  resolution = run.context.phase.resolution,
): Pick<EvaluateOptions, "resolution" | "scale" | "reduce" | "enlarge"> & { network: Enlarger } {
  const network = enlargerOf(run), { enlarge, scale } = network;
  const reached = run.context.phase.resolution;
  if (resolution > reached) {
    throw new ConfigError(
      `Cannot measure ${run.id} at ${resolution} px: expected a checkpoint that has reached ` +
        `it, received one at ` +
        `${reached} px. Train on with deno task train --resume ${run.id}, or ask for ` +
        `--resolution ${reached}`,
    );
  }
  return { network, resolution, scale, enlarge, reduce: run.model.reduce };
}
