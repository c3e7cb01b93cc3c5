/** Whether a generator repeats pictures that it was trained on. */
import { type Nearest, nearestOf } from "./feature_distances.ts";
import { type FeatureSet, rowsOf } from "./feature_set.ts";

/** How near fakes are to what was trained on, beside what was not. */
export interface Memorization {
  /** Median distance of a fake to the nearest of `compared` training images. */
  toTrained: number;
  /**
   * Median distance of a fake to the nearest of as many held-out images: about the same where
   * nothing is memorised.
   */
  toHeldOut: number;
  /** Images of each of those two sets. */
  compared: number;
  /**
   * Share of fakes that are nearer to a training image than 5 % of the training images are to each
   * other, 0 … 1.
   */
  copies: number;
  /** For each fake its nearest training image out of all of them. */
  nearest: Nearest[];
  /** For each fake its nearest held-out image out of those compared. */
  nearestHeldOut: Nearest[];
}

/**
 * Compares fakes with training and with held-out images by distance in feature space. A generator
 * that memorised is nearer to what it was trained on; where it learned, both medians agree, since
 * neither set is nearer to what it draws.
 * @param trained in a random order: as many of its first as are held out are compared with those
 * @param heldOut never trained on
 * @throws RangeError where a set is empty or there are fewer than 2 training images
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

/** Sorted. */
function distances(found: readonly Nearest[]): Float64Array {
  return Float64Array.from(found, ({ distance }) => distance).sort();
}

function median(sorted: Float64Array): number {
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle) - 1]!) / 2; // not empty
}
