import { expectComparable, type FeatureSet } from "./feature_set.ts";
import { symmetricEigen } from "./symmetric_eigen.ts";

/**
 * Fréchet distance of two sets, each modelled as a normal distribution (Dowson and Landau 1982;
 * Heusel et al. 2017, equation 6):
 *
 *     |μ_a − μ_b|² + tr(Σ_a + Σ_b − 2 (Σ_a^½ Σ_b Σ_a^½)^½)
 *
 * Covariances are sample covariances (N − 1). The estimate is biased by the number of images:
 * compare it with that of as many other reals, on the same features.
 * @throws RangeError if a set has fewer than two images, or the features differ in length
 */
export function frechetDistance(a: FeatureSet, b: FeatureSet): number {
  expectComparable(a, b);
  const least = Math.min(a.count, b.count);
  if (least < 2) {
    throw new RangeError(
      `Cannot compute a Fréchet distance: expected two images or more, received ${least}`,
    );
  }
  const n = a.length, [first, second] = [momentsOf(a), momentsOf(b)];
  let distance = 0;
  for (let i = 0; i < n; i++) {
    distance += (first.mean[i]! - second.mean[i]!) ** 2; // n long, as the covariances are n · n
    distance += first.covariance[i * n + i]! + second.covariance[i * n + i]!;
  }
  const root = squareRoot(first.covariance, n);
  const inner = product(product(root, second.covariance, n), root, n);
  // rounding may make eigenvalues slightly negative
  const roots = symmetricEigen(inner, n).values.map((value) => Math.sqrt(Math.max(0, value)));
  return distance - 2 * roots.reduce((sum, value) => sum + value, 0);
}

function momentsOf({ values, count, length }: FeatureSet) {
  const mean = new Float64Array(length), covariance = new Float64Array(length * length);
  values.forEach((value, i) => mean[i % length]! += value / count);
  for (let row = 0; row < count; row++) {
    const centred = mean.map((value, i) => values[row * length + i]! - value);
    for (let i = 0; i < length; i++) {
      for (let j = 0; j < length; j++) {
        covariance[i * length + j]! += centred[i]! * centred[j]! / (count - 1); // in range
      }
    }
  }
  return { mean, covariance };
}

/** The square root of a positive semidefinite matrix. */
function squareRoot(matrix: Float64Array, n: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, n), out = new Float64Array(n * n);
  vectors.forEach((vector, k) => {
    const root = Math.sqrt(Math.max(0, values[k]!));
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) out[i * n + j]! += root * vector[i]! * vector[j]!; // in range
    }
  });
  return out;
}

function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const value = a[i * n + k]!;
      for (let j = 0; j < n; j++) out[i * n + j]! += value * b[k * n + j]!; // in range
    }
  }
  return out;
}
