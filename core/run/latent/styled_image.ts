/** An image as the styles that it is drawn of, and what can be done with them. */
import type { NoiseOf } from "../draw/draw_images.ts";
import { blendedShares, type WeightShare } from "./weight_change.ts";

/** All that an image is made of. */
export interface StyledImage {
  /** A w a layer, [F] each. */
  styles: readonly Float32Array[];
  /** Seed of its noise, or the maps themselves. */
  noise: NoiseOf;
  /** What its pictures changed about the generator; absent: nothing. */
  changes?: readonly WeightShare[];
}

/** A step along a direction. */
export interface StyleEdit {
  /** What is added to w at an amount of 1, [F]. */
  step: Float32Array;
  amount: number;
  /** Layers whose w it changes. */
  layers: readonly number[];
}

/** An image with its w moved along directions. */
export function edited(image: StyledImage, edits: readonly StyleEdit[]): StyledImage {
  const styles = image.styles.map((w, layer) => {
    const mine = edits.filter(({ layers }) => layers.includes(layer));
    if (mine.length === 0) return w;
    // [F] both
    return w.map((x, i) => mine.reduce((sum, { step, amount }) => sum + amount * step[i]!, x));
  });
  return { ...image, styles };
}

/**
 * An image whose chosen layers have another's styles; its noise stays. Changes of weights count by
 * the layers that are left to each.
 */
export function crossed(
  image: StyledImage,
  other: StyledImage,
  isOther: (layer: number) => boolean,
): StyledImage {
  const styles = image.styles.map((w, layer) => isOther(layer) ? other.styles[layer]! : w);
  const part = styles.filter((_, layer) => isOther(layer)).length / styles.length;
  const changes = blendedShares(image.changes, 1 - part, other.changes, part);
  return { ...image, styles, changes };
}

/**
 * A point on the line between two images' styles, and between their weights: 0 is the first, 1 the
 * second; with the first's noise.
 */
export function between(a: StyledImage, b: StyledImage, t: number): StyledImage {
  // as many layers, of one length
  const styles = a.styles.map((w, layer) => w.map((x, i) => x + t * (b.styles[layer]![i]! - x)));
  return { ...a, styles, changes: blendedShares(a.changes, 1 - t, b.changes, t) };
}
