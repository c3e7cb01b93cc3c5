/** Finds the direction that separates two groups of rows, by logistic regression. */
import { type HostMatrix, meanOf } from "./directions_of.ts";

/** A linear separator. */
export interface Separator {
  /** Unit normal of the separating plane, pointing towards the marked rows. */
  vector: Float32Array;
  /** Fraction of the rows on the correct side of the plane, 0 … 1. */
  accuracy: number;
}

/**
 * Weight of ½|β|² relative to the mean loss, for rows scaled to unit variance: it makes the
 * solution unique even for separable rows.
 */
const RIDGE = 1e-3;

/** Maximum number of Newton steps; the loss is convex, and 10 usually suffice. */
const MOST_STEPS = 50;

/**
 * Fits ridge-regularized logistic regression (Hastie et al. 2009, section 4.4) by Newton's method
 * with step halving. InterFaceGAN (Shen et al. 2020) uses the normal of such a plane as direction.
 * @param rows [N, F]
 * @param isMarked for each row
 * @throws RangeError where one of the two groups is empty
 */
export function separatingDirection(rows: HostMatrix, isMarked: readonly boolean[]): Separator {
  const marked = isMarked.filter(Boolean).length;
  if (marked === 0 || marked === rows.rows || isMarked.length !== rows.rows) {
    throw new RangeError(
      `Cannot separate: expected rows of both groups, received ${marked} of ${rows.rows} marked`,
    );
  }
  const x = scaled(rows), size = rows.columns + 1; // the last one is the intercept
  let beta: Float64Array = new Float64Array(size), loss = lossOf(x, isMarked, beta);
  for (let step = 0; step < MOST_STEPS; step++) {
    const change = newtonStep(x, isMarked, beta);
    let rate = 1, next = beta, nextLoss = Infinity;
    for (; rate > 1e-6; rate /= 2) {
      next = beta.map((b, i) => b - rate * change[i]!); // same length
      nextLoss = lossOf(x, isMarked, next);
      if (nextLoss <= loss) break;
    }
    const gain = loss - nextLoss;
    if (!(gain > 0)) break;
    [beta, loss] = [next, nextLoss];
    if (gain < 1e-10) break;
  }
  const right = x.filter((row, i) => (dot(row, beta) > 0) === isMarked[i]).length;
  const normal = beta.subarray(0, rows.columns), length = Math.hypot(...normal) || 1;
  return {
    vector: Float32Array.from(normal, (b) => b / length),
    accuracy: right / rows.rows,
  };
}

/**
 * Centers rows on their mean, divides them by the root mean square of all values, and appends a 1
 * for the intercept.
 */
function scaled(matrix: HostMatrix): Float64Array[] {
  const { data, rows, columns } = matrix, mean = meanOf(matrix);
  let squares = 0;
  for (let i = 0; i < rows * columns; i++) squares += (data[i]! - mean[i % columns]!) ** 2;
  const spread = Math.sqrt(squares / (rows * columns)) || 1;
  return Array.from({ length: rows }, (_, r) =>
    Float64Array.from(
      { length: columns + 1 },
      (_, i) => i < columns ? (data[r * columns + i]! - mean[i]!) / spread : 1,
    ));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!; // same length
  return sum;
}

// the intercept is practically not regularized
const ridgeOf = (i: number, size: number) => i < size - 1 ? RIDGE : 1e-9;

function lossOf(x: readonly Float64Array[], isMarked: readonly boolean[], beta: Float64Array) {
  let loss = 0;
  x.forEach((row, i) => {
    const margin = dot(row, beta) * (isMarked[i] ? 1 : -1);
    loss += (Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))) / x.length;
  });
  return beta.reduce((sum, b, i) => sum + ridgeOf(i, beta.length) / 2 * b * b, loss);
}

/** The Newton step H⁻¹ g of the loss. */
function newtonStep(x: readonly Float64Array[], isMarked: readonly boolean[], beta: Float64Array) {
  const n = beta.length, h = new Float64Array(n * n);
  const g = beta.map((b, i) => ridgeOf(i, n) * b);
  for (let i = 0; i < n; i++) h[i * n + i] = ridgeOf(i, n);
  x.forEach((row, r) => {
    const p = 1 / (1 + Math.exp(-dot(row, beta))), curve = p * (1 - p) / x.length;
    const slope = (p - (isMarked[r] ? 1 : 0)) / x.length;
    for (let i = 0; i < n; i++) {
      g[i]! += slope * row[i]!; // inside
      const factor = curve * row[i]!;
      for (let j = 0; j <= i; j++) h[i * n + j]! += factor * row[j]!;
    }
  });
  return solve(h, g);
}

/**
 * Solves A x = b by Cholesky decomposition, for a symmetric positive definite A of which only the
 * lower half is read.
 */
function solve(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length, l = new Float64Array(n * n), x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!; // inside, as all below
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * n + j]!;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * n + k]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= l[k * n + i]! * x[k]!;
    x[i]! /= l[i * n + i]!;
  }
  return x;
}
