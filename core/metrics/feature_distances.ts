/** Distances between images in feature space. */
import { expectComparable, type FeatureSet } from "./feature_set.ts";
import { pauser } from "./pauser.ts";

/**
 * Squared Euclidean distances, reported row by row, so that the matrix of all pairs is never held
 * in memory.
 * @param onRow receives the index of an image of `a` and its squared distances to all of `b`; the
 * array is reused for the next row
 */
export async function eachDistanceRow(
  a: FeatureSet,
  b: FeatureSet,
  onRow: (index: number, squared: Float64Array) => void,
): Promise<void> {
  expectComparable(a, b);
  const { length } = a, row = new Float64Array(b.count), pause = pauser();
  for (let i = 0; i < a.count; i++) {
    const x = a.values.subarray(i * length, (i + 1) * length);
    for (let j = 0; j < b.count; j++) {
      const from = j * length;
      let sum = 0;
      for (let c = 0; c < length; c++) {
        const difference = x[c]! - b.values[from + c]!; // in range
        sum += difference * difference;
      }
      row[j] = sum;
    }
    onRow(i, row);
    await pause();
  }
}

/** The nearest other image and its distance. */
export interface Nearest {
  index: number;
  /** Euclidean. */
  distance: number;
}

/**
 * The nearest image of `b` for each image of `a`.
 * @param options.skipSelf for a set compared with itself: an image is not its own neighbour.
 * Default false
 */
export async function nearestOf(
  a: FeatureSet,
  b: FeatureSet,
  { skipSelf = false }: { skipSelf?: boolean } = {},
): Promise<Nearest[]> {
  const found: Nearest[] = [];
  await eachDistanceRow(a, b, (i, squared) => {
    let index = -1, least = Infinity;
    for (const [j, value] of squared.entries()) {
      if (value < least && !(skipSelf && i === j)) [index, least] = [j, value];
    }
    found.push({ index, distance: Math.sqrt(least) });
  });
  return found;
}
