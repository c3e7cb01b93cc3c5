import { eachDistanceRow } from "./feature_distances.ts";
import type { FeatureSet } from "./feature_set.ts";

/** Fidelity and diversity, measured separately. */
export interface DensityCoverage {
  /**
   * Mean number of real neighbourhoods that contain a fake, relative to the expectation for reals:
   * 1 means like reals; it can exceed 1.
   */
  density: number;
  /** Fraction of reals with a fake in their neighbourhood, 0 … 1. */
  coverage: number;
  /** Fraction of fakes in a real's neighbourhood (Kynkäänniemi et al. 2019, equation 2). */
  precision: number;
}

/**
 * Density and coverage (Naeem et al. 2020, equations 3 and 4), and precision. The neighbourhood of
 * a real is the ball up to its k-th nearest other real:
 *
 *     density  = 1 / (k M) · Σ_j Σ_i [ |y_j − x_i| < NND_k(x_i) ]
 *     coverage = 1 / N · Σ_i [ some j: |y_j − x_i| < NND_k(x_i) ]
 *
 * All of them depend on the number of images: compare them with the values of as many other reals.
 * @param k default 5, as in the paper
 * @throws RangeError if there are k reals or fewer
 */
export async function densityCoverage(
  real: FeatureSet,
  fake: FeatureSet,
  { k = 5 }: { k?: number } = {},
): Promise<DensityCoverage> {
  if (real.count <= k) {
    throw new RangeError(
      `Cannot compute coverage: expected more than ${k} reals, received ${real.count}. Add images`,
    );
  }
  const radius = new Float64Array(real.count); // squared
  await eachDistanceRow(real, real, (i, squared) => {
    radius[i] = squared.toSorted()[k]!; // the first is the real itself
  });
  let inside = 0, covered = 0;
  const isPlausible = new Uint8Array(fake.count);
  await eachDistanceRow(real, fake, (i, squared) => {
    let near = 0;
    for (const [j, value] of squared.entries()) {
      if (value >= radius[i]!) continue; // one a real
      isPlausible[j] = 1;
      near++;
    }
    inside += near;
    covered += Number(near > 0);
  });
  return {
    density: inside / (k * fake.count),
    coverage: covered / real.count,
    precision: isPlausible.reduce((sum, one) => sum + one, 0) / fake.count,
  };
}
