/** An image represented by its styles, and edits of them. */
import type { NoiseOf } from "../draw/draw_images.ts";
import { blendedShares, type WeightShare } from "./weight_change.ts";

/** Everything that determines an image. */
export interface StyledImage {
  /** One w per layer, [F] each. */
  styles: readonly Float32Array[];
  /** Seed of its noise, or the noise maps themselves. */
  noise: NoiseOf;
  /** Changes to the generator's weights by tuning, if any. */
  changes?: readonly WeightShare[];
}

/** A step along a direction. */
export interface StyleEdit {
  /** Vector [F] that is added to w at an amount of 1. */
  step: Float32Array;
  amount: number;
  /** Layers whose w it changes. */
  layers: readonly number[];
}

/** Moves an image's w along directions. */
export function edited(image: StyledImage, edits: readonly StyleEdit[]): StyledImage {
  const styles = image.styles.map((w, layer) => {
    const mine = edits.filter(({ layers }) => layers.includes(layer));
    if (mine.length === 0) return w;
    // both are [F]
    return w.map((x, i) => mine.reduce((sum, { step, amount }) => sum + amount * step[i]!, x));
  });
  return { ...image, styles };
}

/**
 * Replaces the styles of chosen layers by those of another image; the noise stays. Weight changes
 * are blended in proportion to the layers of each image.
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
 * Interpolates linearly between two images' styles and weight changes: 0 is the first, 1 the
 * second. The noise is that of the first.
 */
export function between(a: StyledImage, b: StyledImage, t: number): StyledImage {
  // both have the same layers and F
  const styles = a.styles.map((w, layer) => w.map((x, i) => x + t * (b.styles[layer]![i]! - x)));
  return { ...a, styles, changes: blendedShares(a.changes, 1 - t, b.changes, t) };
}
