/** A run's figures by the protocol of papers on super-resolution, on whole pictures. */
import { ConfigError, type HostPicture, psnr, resizeMatrix, ssim, tf } from "../../core/mod.ts";
import { type FeatureFigures, featureFigures, type FrozenNetworks } from "./frozen.ts";
import { reduce as reduced, rounded } from "./pairs.ts";
import { automaticSide, type Pixels } from "./upscale/tiles.ts";
import { type Enlarger, upscale } from "./upscale/upscale.ts";

/** Name of the row with bicubic as its published figures are computed. */
export const LUMA_ALONE = "bicubic, Y alone";

type Classic = typeof LUMA_ALONE | "bicubic";

/** Means over pictures. */
export interface FieldFigures extends FeatureFigures {
  /** PSNR on Y, dB. */
  psnrY: number;
  ssimY: number;
}

export interface FieldOptions<N extends string = string> {
  /** The networks to compare, all of one scale, by their names in the table. */
  networks: Readonly<Record<N, Enlarger>>;
  /** Makes the input: [1, H, W, C] → [1, H / scale, W / scale, C]. Default: imresize, 8 bits. */
  reduce?(high: tf.Tensor4D): tf.Tensor4D;
  /** Feature channels of the network, which limit the size of tiles. */
  width: number;
  count: number; // pictures at most
  frozen?: FrozenNetworks;
  onPicture?(done: number): void;
  signal?: AbortSignal;
}

/** Frozen networks see at most the middle square of this side, px. */
const SEEN_SIDE = 512;

/**
 * Compares by the protocol of EDSR (Lim et al. 2017) and its successors: the picture is cut to a
 * multiple of the scale, reduced by MATLAB's imresize, rounded to 8 bits, enlarged and rounded to 8
 * bits; PSNR and SSIM are computed on Y (BT.601, 16 … 235, not rounded), with `scale` pixels
 * cropped from each border. A picture whose file is grey is compared as it is.
 *
 * The published figures of bicubic are older (Dong et al. 2016, "Image Super-Resolution Using Deep
 * Convolutional Networks": by 2, 33.66 dB and 0.9299 on Set5, 30.23 dB and 0.8687 on Set14): Y is
 * rounded, then reduced and enlarged on its own, without rounding in between. The row "bicubic, Y
 * alone" reproduces them.
 */
export async function fieldFigures<N extends string>(
  pictures: AsyncIterable<HostPicture>,
  options: FieldOptions<N>,
): Promise<{ pictures: number; figures: Record<Classic | N, FieldFigures> }> {
  const { networks, width, count, frozen = {}, onPicture, signal } = options;
  const named = Object.entries(networks) as [N, Enlarger][]; // its own keys
  const { scale } = named[0]![1]; // there is at least one
  const { reduce = (high: tf.Tensor4D) => reduced(high, scale, "imresize") } = options;
  const sums = Object.fromEntries(
    [LUMA_ALONE, "bicubic", ...Object.keys(networks)]
      .map((method) => [method, { psnrY: 0, ssimY: 0 }]),
  ) as Record<Classic | N, FieldFigures>; // one for each method
  let done = 0;
  for await (const picture of pictures) {
    if (done >= count) break;
    signal?.throwIfAborted();
    const { isGrey } = picture, high = modcrop(picture, scale);
    const low: Pixels = {
      data: bytesOf(() => reduce(tensorOf(high))),
      width: high.width / scale,
      height: high.height / scale,
      channels: high.channels,
    };
    const addResult = (method: "bicubic" | N, result: Pixels) => {
      const isLuma = !isGrey && high.channels === 3,
        take = isLuma ? (x: Pixels) => x : firstChannel;
      add(sums[method], take(result), take(high), scale);
      addSeen(sums[method], frozen, result, high);
    };
    addResult("bicubic", resized(low, [high.height, high.width]));
    for (const [name, network] of named) {
      const { color } = await upscale({ color: low }, network, {
        scale,
        side: automaticSide(width, scale),
        ...(signal ? { signal } : {}),
      });
      addResult(name, color);
    }
    const y = isGrey ? firstChannel(high) : luma(high);
    add(sums[LUMA_ALONE], reducedAndEnlarged(y, scale), y, scale);
    done++;
    onPicture?.(done);
  }
  if (done === 0) {
    throw new ConfigError(
      "Cannot measure: expected held-out pictures, received none. Name others than the run " +
        "learned from (--data), or train with a larger --held-out",
    );
  }
  for (const sum of Object.values<FieldFigures>(sums)) {
    for (const key of Object.keys(sum) as (keyof FieldFigures)[]) sum[key]! /= done; // its own keys
  }
  return { pictures: done, figures: sums };
}

/** Crops the bottom and right so that both sides are multiples of the scale ("modcrop"). */
function modcrop({ data, width, height, channels }: HostPicture, scale: number): Pixels {
  const [w, h] = [width - width % scale, height - height % scale];
  const out = new Uint8Array(w * h * channels);
  for (let y = 0; y < h; y++) {
    const from = y * width * channels;
    out.set(data.subarray(from, from + w * channels), y * w * channels);
  }
  return { data: out, width: w, height: h, channels };
}

/** Resizes by MATLAB's imresize and rounds to 8 bits. */
function resized(image: Pixels, [height, width]: [number, number]): Pixels {
  const data = bytesOf(() => resizeMatrix(tensorOf(image), [height, width], "imresize"));
  return { ...image, data, width, height };
}

/** Reduces and enlarges again, rounding only at the end. */
function reducedAndEnlarged(y: Pixels, scale: number): Pixels {
  const data = bytesOf(() => {
    const low = resizeMatrix(tensorOf(y), [y.height / scale, y.width / scale], "imresize");
    return resizeMatrix(low, [y.height, y.width], "imresize");
  });
  return { ...y, data };
}

/** Y of RGB, rounded to 8 bits as in MATLAB's rgb2ycbcr. */
function luma({ data, width, height, channels }: Pixels): Pixels {
  if (channels === 1) return { data, width, height, channels };
  const y = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < y.length; i++, at += 3) { // three channels, in bounds
    y[i] = Math.round(
      16 + (65.481 * data[at]! + 128.553 * data[at + 1]! + 24.966 * data[at + 2]!) / 255,
    );
  }
  return { data: y, width, height, channels: 1 };
}

function firstChannel({ data, width, height, channels }: Pixels): Pixels {
  // in bounds
  const first = Uint8Array.from({ length: width * height }, (_, i) => data[i * channels]!);
  return { data: first, width, height, channels: 1 };
}

function add(sum: FieldFigures, ours: Pixels, real: Pixels, crop: number): void {
  const { width, height, channels } = real, color = channels === 3 ? "y" : "rgb";
  const [a, b] = [ours.data, real.data] as [Uint8Array, Uint8Array]; // always 8 bits here
  sum.psnrY += psnr(a, b, { width, height, channels, crop, color });
  sum.ssimY += ssim(a, b, { width, height, channels, crop, color });
}

function addSeen(sum: FieldFigures, frozen: FrozenNetworks, ours: Pixels, real: Pixels): void {
  tf.tidy(() => {
    const seen = featureFigures(frozen, middle(tensorOf(ours)), middle(tensorOf(real)));
    for (const [key, value] of Object.entries(seen) as [keyof FeatureFigures, number][]) {
      sum[key] = (sum[key] ?? 0) + value; // its own keys
    }
  });
}

function middle(x: tf.Tensor4D): tf.Tensor4D {
  const [, height, width, channels] = x.shape;
  const [h, w] = [Math.min(height, SEEN_SIDE), Math.min(width, SEEN_SIDE)];
  const [top, left] = [Math.floor((height - h) / 2), Math.floor((width - w) / 2)];
  return x.slice([0, top, left, 0], [1, h, w, channels]);
}

/** 8-bit pixels as a tensor [1, H, W, C] in [-1, 1]. */
function tensorOf({ data, width, height, channels }: Pixels): tf.Tensor4D {
  const values = Float32Array.from(data, (v) => v / 127.5 - 1);
  return tf.tensor4d(values, [1, height, width, channels]);
}

function bytesOf(make: () => tf.Tensor4D): Uint8Array {
  const values = tf.tidy(() => rounded(make()).dataSync());
  return Uint8Array.from(values, (v) => Math.round((v + 1) * 127.5));
}
