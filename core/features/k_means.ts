/** k-means clustering of rows of features. */
import type { FeatureSet } from "../metrics/feature_set.ts";
import { Random, seedFor } from "../random.ts";

/** Number of initializations; the result with the smallest total distance is kept. */
const INITIALIZATIONS = 4;

/** Most iterations per initialization. */
const MAX_ITERATIONS = 30;

/** How rows are clustered. */
export interface KMeansOptions {
  /** Most clusters: there are fewer if rows repeat, or if some clusters would be too small. */
  count: number;
  /** Fewest rows per cluster; rows of smaller clusters go to the nearest other one. Default 1. */
  smallest?: number;
  /** Default 0. */
  seed?: number;
}

/** Rows in clusters. */
export interface Clusters {
  /** Means of the clusters. */
  centres: Float64Array[];
  /** The index of each row's cluster. */
  of: Int32Array;
  /** Sum of the squared distances of rows to their centres. */
  distance: number;
}

/**
 * k-means (Lloyd 1982) with k-means++ initialization (Arthur and Vassilvitskii 2007).
 * @returns clusters, the largest first
 * @throws RangeError if there are no rows
 */
export function kMeans(rows: FeatureSet, options: KMeansOptions): Clusters {
  const { count, smallest = 1, seed = 0 } = options;
  if (rows.count < 1 || count < 1) {
    throw new RangeError(
      `Cannot sort into clusters: expected rows and a cluster at least, received ${rows.count} ` +
        `rows and ${count} clusters`,
    );
  }
  let best: Clusters | undefined;
  for (let start = 0; start < INITIALIZATIONS; start++) {
    const found = converged(
      rows,
      firstCentres(rows, count, new Random(seedFor(seed, "k-means", start))),
    );
    if (!best || found.distance < best.distance) best = found;
  }
  let clusters = best!; // INITIALIZATIONS > 0
  for (;;) {
    const sizes = sizesOf(clusters), largest = Math.max(...sizes);
    const kept = clusters.centres.filter((_, i) =>
      sizes[i]! >= Math.max(1, smallest) || sizes[i] === largest
    );
    if (kept.length === sizes.length) break;
    clusters = converged(rows, kept);
  }
  return sortedBySize(clusters);
}

/**
 * Draws rows one after another, each with a probability proportional to its squared distance to the
 * nearest row drawn before.
 */
function firstCentres(rows: FeatureSet, count: number, random: Random): Float64Array[] {
  const centres = [rowOf(rows, random.integer(rows.count))];
  const nearest = new Float64Array(rows.count).fill(Infinity);
  while (centres.length < count) {
    let sum = 0;
    for (let i = 0; i < rows.count; i++) {
      nearest[i] = Math.min(nearest[i]!, squaredDistance(rows, i, centres.at(-1)!));
      sum += nearest[i]!;
    }
    if (sum === 0) break; // no other rows are left
    let left = random.uniform() * sum;
    const chosen = nearest.findIndex((distance) => (left -= distance) < 0);
    centres.push(rowOf(rows, chosen < 0 ? nearest.indexOf(Math.max(...nearest)) : chosen));
  }
  return centres;
}

/** Iterates from initial centres until no row changes its cluster. */
function converged(rows: FeatureSet, first: readonly Float64Array[]): Clusters {
  let clusters = assigned(rows, first);
  for (let pass = 1; pass < MAX_ITERATIONS; pass++) {
    const next = assigned(rows, meansOf(rows, clusters));
    const isSame = next.of.every((cluster, i) => cluster === clusters.of[i]);
    clusters = next;
    if (isSame) break;
  }
  return clusters;
}

/** Assigns each row to the cluster with the nearest centre. */
export function assigned(rows: FeatureSet, centres: readonly Float64Array[]): Clusters {
  const of = new Int32Array(rows.count);
  let distance = 0;
  for (let i = 0; i < rows.count; i++) {
    let least = Infinity;
    for (const [k, centre] of centres.entries()) {
      const d = squaredDistance(rows, i, centre);
      if (d < least) [least, of[i]] = [d, k];
    }
    distance += least;
  }
  return { centres: [...centres], of, distance };
}

/** Means of the rows of each cluster; an empty cluster keeps its centre. */
function meansOf(rows: FeatureSet, { centres, of }: Clusters): Float64Array[] {
  const sizes = sizesOf({ centres, of });
  const sums = centres.map(() => new Float64Array(rows.length));
  for (let i = 0; i < rows.count; i++) {
    const sum = sums[of[i]!]!, from = i * rows.length;
    for (let j = 0; j < rows.length; j++) sum[j]! += rows.values[from + j]!;
  }
  return sums.map((sum, k) => sizes[k] ? sum.map((value) => value / sizes[k]!) : centres[k]!);
}

function sizesOf({ centres, of }: Pick<Clusters, "centres" | "of">): number[] {
  const sizes = centres.map(() => 0);
  for (const cluster of of) sizes[cluster]!++;
  return sizes;
}

/** Sorts clusters by descending size; clusters of equal size by their first rows. */
function sortedBySize({ centres, of, distance }: Clusters): Clusters {
  const sizes = sizesOf({ centres, of });
  const order = sizes.map((_, k) => k).sort((a, b) =>
    sizes[b]! - sizes[a]! || of.indexOf(a) - of.indexOf(b)
  );
  return {
    centres: order.map((k) => centres[k]!), // a permutation
    of: of.map((cluster) => order.indexOf(cluster)),
    distance,
  };
}

function rowOf({ values, length }: FeatureSet, i: number): Float64Array {
  return Float64Array.from(values.subarray(i * length, (i + 1) * length));
}

function squaredDistance({ values, length }: FeatureSet, i: number, centre: Float64Array): number {
  let sum = 0;
  for (let j = 0, from = i * length; j < length; j++) sum += (values[from + j]! - centre[j]!) ** 2;
  return sum;
}
