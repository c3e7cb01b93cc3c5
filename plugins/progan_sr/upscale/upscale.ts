/** Enlarges a frame with a network, once or several times. */
import { ConfigError, tf } from "../../../core/mod.ts";
import { enlarge as bicubic } from "../pairs.ts";
import { bleed } from "./bleed.ts";
import type { Frame } from "./picture.ts";
import { enlargeTiled } from "./tiles.ts";

/** A network that enlarges. */
export interface Enlarger {
  scale: number;
  /** Channels of the images it was trained on. */
  channels: number;
  reach: number;
  /** How a grey network takes colours: each by itself, or luma alone. Default "each". */
  colors?: "each" | "luma";
  /** [N, H, W, channels] → [N, H · scale, W · scale, channels], values in [-1, 1]. */
  enlarge(low: tf.Tensor4D): tf.Tensor4D;
}

/** How far, and in what tiles. */
export interface UpscaleOptions {
  /** A power of the network's scale. */
  scale: number;
  /** Longest side of a tile, px; 0 for none. */
  side: number;
  onProgress?(fraction: number): void;
  signal?: AbortSignal;
}

/** Half width of the bicubic kernel, px. */
const BICUBIC_REACH = 2;

/**
 * How often the network is to be applied.
 * @throws ConfigError where the factor is no power of the network's
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
 * Colour goes through the network (see {@linkcode fitted}); opacity is enlarged apart, bicubically.
 * @returns the enlarged colour, and opacity where there was one
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
  // Each repetition has as many times more pixels: shares of the whole work.
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

/** Input pixels around a visible one on which what is visible of the result depends. */
function seenAround({ scale, reach }: Enlarger, repeats: number): number {
  let pixels = 0;
  // the last repetition first
  for (let i = 0; i < repeats; i++) pixels = reach + Math.ceil(pixels / scale);
  // enlarged opacity is above 0 up to a pixel away: the bicubic kernel's positive part
  return pixels + 1;
}

/** Weights of red, green and blue in luma (BT.601). */
const LUMA = [0.299, 0.587, 0.114];

/**
 * The network for pictures of other channels than its own: a grey picture goes through a colour
 * network as equal channels, a colour picture through a grey network channel by channel, or by its
 * luma: what the network corrects of that, it corrects of each channel, so that the colours'
 * differences from luma are enlarged bicubically (as Dong et al. 2016 do).
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
