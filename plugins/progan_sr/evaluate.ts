/** PSNR, SSIM and feature distances beside those of classic interpolation, on held-out images. */
import {
  type Dataset,
  psnr,
  resizeMatrix,
  type ResizeMethod,
  ssim,
  tf,
  upsampleNearest,
} from "../../core/mod.ts";
import { type FeatureFigures, featureFigures, type FrozenNetworks } from "./frozen.ts";
import { rounded } from "./pairs.ts";

/** Classic interpolation methods, in the table's order. */
export const CLASSIC = ["nearest", "bicubic", "lanczos"] as const;
type Classic = typeof CLASSIC[number];

/** Mean metrics of one method; those that cannot be computed are absent. */
export interface Figures extends FeatureFigures {
  psnr: number; // dB, RGB
  psnrY?: number; // dB, luma
  ssim?: number;
  ssimY?: number;
}

export interface EvaluateOptions<N extends string = string> {
  resolution: number; // px a side of the high resolution
  scale: number;
  /** Held-out images to compare, at most all of them. */
  count: number;
  reduce(high: tf.Tensor4D): tf.Tensor4D;
  /** The networks to compare, by name; called with images rounded to 8 bits. */
  networks: Readonly<Record<N, (low: tf.Tensor4D) => tf.Tensor4D>>;
  frozen?: FrozenNetworks;
  onProgress?(fraction: number): void;
  signal?: AbortSignal;
}

export interface Evaluation<N extends string = string> {
  images: number;
  figures: Record<Classic | N, Figures>;
}

const BATCH = 16;
/** PSNR of identical images is infinite; in a mean it counts as this many dB. */
const MOST_DECIBELS = 100;

/**
 * Compares methods on held-out images, all rounded to 8 bits as files are. `scale` pixels are
 * cropped from each border before PSNR and SSIM, as in papers on super-resolution.
 * @throws RangeError where nothing is held out
 */
export async function evaluate<N extends string>(
  dataset: Dataset,
  options: EvaluateOptions<N>,
): Promise<Evaluation<N>> {
  const { resolution, scale, frozen = {}, onProgress, signal } = options;
  const images = Math.min(options.count, dataset.info.heldOutCount);
  if (images < 1) {
    throw new RangeError(
      `Cannot compare: expected held-out images, received ${images}. Train with --held-out 0.05`,
    );
  }
  const size = Math.min(BATCH, images);
  const loader = dataset.open({
    resolution,
    batchSize: size,
    cursor: 0,
    seed: 0,
    split: "held-out",
    shuffle: false,
  });
  const methods = [...CLASSIC, ...Object.keys(options.networks) as N[]]; // its own keys
  const sums = Object.fromEntries(methods.map((m) => [m, {}])) as Record<
    Classic | N,
    Record<string, number>
  >; // one for each method
  const add = (method: Classic | N, figures: Partial<Figures>, weight: number) => {
    for (const [key, value] of Object.entries(figures)) {
      const sum: Record<string, number> = sums[method];
      sum[key] = (sum[key] ?? 0) + value * weight / images;
    }
  };
  try {
    for (let done = 0; done < images; done += size) {
      signal?.throwIfAborted();
      const batch = (await loader.next()).images;
      if (!batch) throw new TypeError("Cannot compare: expected images in the data, received none");
      const count = Math.min(size, images - done);
      const shape = [count, resolution, resolution, batch.shape[3]!] as [
        number,
        number,
        number,
        number,
      ];
      const values = batch.data.subarray(0, shape.reduce((a, b) => a * b));
      const results = tf.tidy(() => enlargements(tf.tensor4d(values, shape), options));
      try {
        const real = bytesOf(results.real);
        for (const method of methods) {
          const ours = bytesOf(results[method]), length = real.length / count;
          for (let i = 0; i < count; i++) {
            const part = (all: Uint8Array) => all.subarray(i * length, (i + 1) * length);
            add(
              method,
              compare(part(ours), part(real), { resolution, channels: shape[3], scale }),
              1,
            );
          }
          add(method, featureFigures(frozen, results[method], results.real), count);
        }
      } finally {
        tf.dispose(results);
      }
      onProgress?.((done + count) / images);
    }
  } finally {
    loader.close();
  }
  // compare() has set each method's PSNR
  return { images, figures: sums as unknown as Evaluation<N>["figures"] };
}

/** The images of all methods and the real ones, rounded to 8 bits, in [-1, 1]. */
export function enlargements<N extends string>(
  high: tf.Tensor4D,
  options: Pick<EvaluateOptions<N>, "reduce" | "networks" | "scale">,
): Record<Classic | N | "real" | "low", tf.Tensor4D> {
  const { scale, reduce, networks } = options, size = high.shape[1];
  const real = rounded(high), low = rounded(reduce(real));
  const resized = (method: ResizeMethod) => rounded(resizeMatrix(low, [size, size], method));
  const ours = Object.fromEntries(
    Object.keys(networks).map((name) => [name, rounded(networks[name as N](low))]), // its own key
  ) as Record<N, tf.Tensor4D>; // one for each network
  return {
    ...ours,
    real,
    low,
    nearest: upsampleNearest(low, scale),
    bicubic: resized("bicubic"),
    lanczos: resized("lanczos3"),
  };
}

function bytesOf(x: tf.Tensor4D): Uint8Array {
  return Uint8Array.from(x.dataSync(), (v) => Math.round((v + 1) * 127.5));
}

/** The smallest side that SSIM's window fits, px. */
const SSIM_SIDE = 11;

function compare(
  a: Uint8Array,
  b: Uint8Array,
  { resolution, channels, scale }: { resolution: number; channels: number; scale: number },
): Figures {
  const shape = { width: resolution, height: resolution, channels, crop: scale };
  const luma = { ...shape, color: "y" as const };
  const fits = resolution - 2 * scale >= SSIM_SIDE;
  const decibels = (options: typeof shape) => Math.min(MOST_DECIBELS, psnr(a, b, options));
  return {
    psnr: decibels(shape),
    ...(channels === 3 ? { psnrY: decibels(luma) } : {}),
    ...(fits ? { ssim: ssim(a, b, shape) } : {}),
    ...(fits && channels === 3 ? { ssimY: ssim(a, b, luma) } : {}),
  };
}
