/** Measures whether a generator reproduces its training images. */
import { type Nearest, nearestOf } from "./feature_distances.ts";
import { type FeatureSet, rowsOf } from "./feature_set.ts";

/** Distances of fakes to training images, compared with held-out images. */
export interface Memorization {
  /** Median distance of a fake to the nearest of `compared` training images. */
  toTrained: number;
  /**
   * Median distance of a fake to the nearest of as many held-out images; about the same unless
   * training images were memorized.
   */
  toHeldOut: number;
  /** Number of images of each of those two sets. */
  compared: number;
  /**
   * Fraction of fakes that are nearer to a training image than 5 % of the training images are to
   * each other, 0 … 1.
   */
  copies: number;
  /** For each fake, its nearest training image out of all of them. */
  nearest: Nearest[];
  /** For each fake, its nearest held-out image out of those compared. */
  nearestHeldOut: Nearest[];
}

/**
 * Compares fakes with training and held-out images by distance in feature space. The fakes of a
 * generator that memorized are nearer to the training images; if it generalizes, both medians
 * agree.
 * @param trained in random order: its first images, as many as are held out, are compared
 * @param heldOut images never trained on
 * @throws RangeError if a set is empty or there are fewer than 2 training images
 */
export async function memorization(
  fake: FeatureSet,
  trained: FeatureSet,
  heldOut: FeatureSet,
): Promise<Memorization> {
  if (trained.count < 2) {
    throw new RangeError(
      `Cannot look for copies: expected at least 2 training images, received ${trained.count}. ` +
        `Add images`,
    );
  }
  const compared = Math.min(trained.count, heldOut.count);
  const toSome = await nearestOf(fake, rowsOf(trained, 0, compared));
  const toHeldOut = await nearestOf(fake, rowsOf(heldOut, 0, compared));
  const nearest = await nearestOf(fake, trained);
  const usual = distances(await nearestOf(trained, trained, { skipSelf: true }));
  const close = usual[Math.floor(usual.length * 0.05)]!; // sorted, not empty
  return {
    toTrained: median(distances(toSome)),
    toHeldOut: median(distances(toHeldOut)),
    compared,
    copies: nearest.filter(({ distance }) => distance < close).length / fake.count,
    nearest,
    nearestHeldOut: toHeldOut,
  };
}

/** Sorted distances. */
function distances(found: readonly Nearest[]): Float64Array {
  return Float64Array.from(found, ({ distance }) => distance).sort();
}

function median(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2; // not empty
}
