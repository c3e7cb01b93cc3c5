/**
 * The estimator of the Kernel Inception Distance (Bińkowski et al. 2018), on features of any frozen
 * network.
 */
import { Random, seedFor } from "../random.ts";
import { expectComparable, type FeatureSet } from "./feature_set.ts";
import { pauser } from "./pauser.ts";

/** A distance and its spread. */
export interface KidResult {
  /**
   * Mean over the subsets, ×10³. It is unbiased: near 0, possibly below, if both sets have the same
   * distribution.
   */
  mean: number;
  /** Standard deviation over the subsets, ×10³. */
  spread: number;
  subset: number;
}

/** How subsets are drawn. */
export interface KidOptions {
  seed: number;
  /** Default 100, as in the paper. */
  subsets?: number;
  /**
   * Largest number of images in a subset. Default 500, or half of the smaller set if it has fewer.
   */
  subset?: number;
}

/**
 * The squared maximum mean discrepancy of two sets with the cubic polynomial kernel, unbiased, over
 * random subsets of m images of each:
 *
 *     k(x, y) = (x · y / d + 1)³
 *     MMD² = Σ_{i≠j} k(x_i, x_j) / m(m−1) + Σ_{i≠j} k(y_i, y_j) / m(m−1)
 *            − 2 Σ_{i,j} k(x_i, y_j) / m²
 *
 * @returns ×10³, since the values are small
 * @throws RangeError if a set has fewer than 4 images, or the features differ in length
 */
export async function kid(
  real: FeatureSet,
  fake: FeatureSet,
  { seed, subsets = 100, subset = 500 }: KidOptions,
): Promise<KidResult> {
  expectComparable(real, fake);
  const fewest = Math.min(real.count, fake.count), m = Math.min(subset, fewest >> 1);
  if (m < 2) {
    throw new RangeError(
      `Cannot compute KID: expected at least 4 images a set, received ${fewest}. Add images`,
    );
  }
  const kernels = await kernelsOf(real, fake);
  const values = Array.from({ length: subsets }, (_, s) =>
    discrepancy(
      kernels,
      drawn(real.count, m, seedFor(seed, "kid.real", s)),
      drawn(fake.count, m, seedFor(seed, "kid.fake", s)),
    ));
  const mean = values.reduce((sum, v) => sum + v, 0) / subsets;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / subsets;
  return { mean: mean * 1e3, spread: Math.sqrt(variance) * 1e3, subset: m };
}

/** Unbiased MMD² of all images of two sets with the kernel of {@linkcode kid}; not scaled. */
export async function squaredMmd(real: FeatureSet, fake: FeatureSet): Promise<number> {
  expectComparable(real, fake);
  const all = (count: number) => Uint32Array.from({ length: count }, (_, i) => i);
  return discrepancy(await kernelsOf(real, fake), all(real.count), all(fake.count));
}

/** Kernel values between all images of two sets. */
interface Kernels {
  xx: Float64Array; // [real, real]
  yy: Float64Array; // [fake, fake]
  xy: Float64Array; // [real, fake]
  real: number;
  fake: number;
}

async function kernelsOf(real: FeatureSet, fake: FeatureSet): Promise<Kernels> {
  return {
    xx: await kernel(real, real),
    yy: await kernel(fake, fake),
    xy: await kernel(real, fake),
    real: real.count,
    fake: fake.count,
  };
}

/** MMD² of some images of each set. */
function discrepancy({ xx, yy, xy, real, fake }: Kernels, x: Uint32Array, y: Uint32Array): number {
  const within = (k: Float64Array, rows: Uint32Array, width: number) =>
    (sumOf(k, rows, rows, width) - diagonalOf(k, rows, width)) / (rows.length * (rows.length - 1));
  return within(xx, x, real) + within(yy, y, fake) -
    2 * sumOf(xy, x, y, fake) / (x.length * y.length);
}

/** k(a_i, b_j), [a.count, b.count]. */
async function kernel(a: FeatureSet, b: FeatureSet): Promise<Float64Array> {
  const out = new Float64Array(a.count * b.count), { length } = a, pause = pauser();
  const same = a === b; // symmetric: computed once
  for (let i = 0; i < a.count; i++) {
    const x = a.values.subarray(i * length, (i + 1) * length);
    for (let j = same ? i : 0; j < b.count; j++) {
      const from = j * length;
      let dot = 0;
      for (let c = 0; c < length; c++) dot += x[c]! * b.values[from + c]!; // in range
      const value = (dot / length + 1) ** 3;
      out[i * b.count + j] = value;
      if (same) out[j * b.count + i] = value;
    }
    await pause();
  }
  return out;
}

function sumOf(k: Float64Array, rows: Uint32Array, columns: Uint32Array, width: number): number {
  let sum = 0;
  for (const i of rows) for (const j of columns) sum += k[i * width + j]!; // in range
  return sum;
}

function diagonalOf(k: Float64Array, rows: Uint32Array, width: number): number {
  return rows.reduce((sum, i) => sum + k[i * width + i]!, 0); // in range
}

/** Draws `m` of `count` indices without replacement. */
function drawn(count: number, m: number, seed: ReturnType<typeof seedFor>): Uint32Array {
  const random = new Random(seed), all = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = 0; i < m; i++) {
    const j = i + random.integer(count - i);
    [all[i], all[j]] = [all[j]!, all[i]!]; // both in range
  }
  return all.subarray(0, m);
}
