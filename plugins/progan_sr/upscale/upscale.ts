/** Enlarges a frame by applying a network once or several times. */
import { ConfigError, tf } from "../../../core/mod.ts";
import { BICUBIC_REACH, enlarge as bicubic } from "../pairs.ts";
import { bleed } from "./bleed.ts";
import type { Frame } from "./picture.ts";
import { enlargeTiled } from "./tiles.ts";

export interface Enlarger {
  scale: number;
  /** Channels of the images it was trained on. */
  channels: number;
  reach: number;
  /** How a grey network handles colours: channel by channel, or by luma alone. Default "each". */
  colors?: "each" | "luma";
  /** [N, H, W, channels] → [N, H · scale, W · scale, channels], values in [-1, 1]. */
  enlarge(low: tf.Tensor4D): tf.Tensor4D;
}

export interface UpscaleOptions {
  /** A power of the network's scale. */
  scale: number;
  /** Longest side of a tile, px; 0 for the whole image at once. */
  side: number;
  onProgress?(fraction: number): void;
  signal?: AbortSignal;
}

/**
 * How often the network must be applied.
 * @throws ConfigError where the factor is not a power of the network's scale
 */
export function repeatsOf(scale: number, networkScale: number): number {
  const repeats = Math.round(Math.log(scale) / Math.log(networkScale));
  if (repeats >= 1 && networkScale ** repeats === scale) return repeats;
  throw new ConfigError(
    `Cannot enlarge by ${scale}: expected a power of the run's scale ${networkScale}, received ` +
      `--scale ${scale}`,
  );
}

/**
 * Enlarges colour by the network (see {@linkcode fitted}), and opacity separately by bicubic
 * interpolation.
 * @returns the enlarged colour, and opacity if there was one
 */
export async function upscale(
  frame: Frame,
  network: Enlarger,
  options: UpscaleOptions,
): Promise<Frame> {
  const { scale, side, onProgress, signal } = options;
  const repeats = repeatsOf(scale, network.scale);
  const common = { side, ...(signal ? { signal } : {}) };
  let { color, opacity } = frame;
  if (opacity) color = bleed(color, opacity, seenAround(network, repeats));
  // Each repetition has scale² times more pixels; progress is reported as shares of the whole work.
  const work = Array.from({ length: repeats }, (_, i) => network.scale ** (2 * i));
  const total = work.reduce((a, b) => a + b, 0);
  let done = 0;
  for (const share of work) {
    color = await enlargeTiled(color, {
      ...common,
      scale: network.scale,
      reach: network.reach,
      enlarge: fitted(network, color.channels),
      onTile: (i, of) => onProgress?.((done + share * i / of) / total),
    });
    done += share;
  }
  if (opacity) {
    const enlarge = (low: tf.Tensor4D) => bicubic(low, scale);
    opacity = await enlargeTiled(opacity, { ...common, scale, reach: BICUBIC_REACH, enlarge });
  }
  return { color, opacity };
}

/** Input pixels around a visible pixel that can influence the visible part of the result. */
function seenAround({ scale, reach }: Enlarger, repeats: number): number {
  let pixels = 0;
  // from the last repetition to the first
  for (let i = 0; i < repeats; i++) pixels = reach + Math.ceil(pixels / scale);
  // Enlarged opacity is above 0 up to one pixel away, by the positive part of the bicubic kernel.
  return pixels + 1;
}

/** Weights of red, green and blue in luma (BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/**
 * Adapts the network to pictures with another number of channels. A grey picture enters a colour
 * network as equal channels. A colour picture enters a grey network channel by channel, or by its
 * luma: then the network's correction of the luma is added to each channel of the bicubic
 * enlargement, so that chroma is enlarged bicubically (as in Dong et al. 2016).
 */
export function fitted(network: Enlarger, channels: number): Enlarger["enlarge"] {
  if (channels === network.channels) return network.enlarge;
  if (channels === 1) {
    return (low) => {
      const same = tf.concat(Array.from({ length: network.channels }, () => low), 3);
      return tf.mean<tf.Tensor4D>(network.enlarge(same), 3, true);
    };
  }
  if (network.colors === "luma") {
    return (low) => {
      const luma = tf.sum<tf.Tensor4D>(tf.mul(low, LUMA), 3, true);
      const correction = tf.sub(network.enlarge(luma), bicubic(luma, network.scale));
      return tf.add<tf.Tensor4D>(bicubic(low, network.scale), correction);
    };
  }
  return (low) => tf.concat(tf.split<tf.Tensor4D>(low, channels, 3).map(network.enlarge), 3);
}
