/** Eigendecomposition of symmetric matrices. */

/** Eigenvalues in descending order, and their unit eigenvectors. */
export interface Eigen {
  /** In descending order. */
  values: Float64Array;
  /** One per value, of length 1; the component of largest magnitude is positive. */
  vectors: Float64Array[];
}

/** Sweeps after which the method gives up; usually 6 to 10 suffice. */
const MAX_SWEEPS = 60;

/**
 * All eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations in float64
 * (Golub and Van Loan 2013, algorithm 8.5.3). About 4·sweeps·n³ operations: a second at n = 256.
 * @param matrix [n, n] row by row; its lower half is not read
 * @throws RangeError for a size that isn't square, or values that are not finite
 */
export function symmetricEigen(matrix: ArrayLike<number>, n: number): Eigen {
  const a = Float64Array.from(matrix), v = new Float64Array(n * n); // rows of v become the vectors
  if (a.length !== n * n || !a.every(Number.isFinite)) {
    throw new RangeError(
      `Cannot find eigenvectors: expected ${n}·${n} finite numbers, received ${a.length}`,
    );
  }
  let total = 0;
  for (let i = 0; i < n; i++) {
    v[i * n + i] = 1;
    for (let j = i + 1; j < n; j++) a[j * n + i] = a[i * n + j]!; // in range
  }
  for (const x of a) total += x * x;
  for (let sweep = 0; sweep < MAX_SWEEPS && offDiagonal(a, n) > 1e-22 * total; sweep++) {
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
  }
  const order = Array.from({ length: n }, (_, i) => i)
    .sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  return {
    values: Float64Array.from(order, (i) => a[i * n + i]!),
    vectors: order.map((i) => withSign(v.slice(i * n, (i + 1) * n))),
  };
}

/** Sum of squares above the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) sum += a[i * n + j]! ** 2;
  return sum;
}

/** A rotation that makes a[p, q] zero. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!;
  if (apq === 0) return;
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const c = 1 / Math.hypot(t, 1), s = t * c;
  turn(a, c, s, p * n, q * n, 1, n); // rows
  turn(a, c, s, p, q, n, n); // columns
  turn(v, c, s, p * n, q * n, 1, n);
}

function turn(
  m: Float64Array,
  c: number,
  s: number,
  first: number,
  second: number,
  stride: number,
  n: number,
): void {
  for (let k = 0; k < n; k++) {
    const i = first + k * stride, j = second + k * stride, x = m[i]!, y = m[j]!; // in range
    m[i] = c * x - s * y;
    m[j] = s * x + c * y;
  }
}

/** The sign of an eigenvector is arbitrary; making the largest component positive fixes it. */
function withSign(vector: Float64Array): Float64Array {
  const largest = vector.reduce((a, b) => Math.abs(b) > Math.abs(a) ? b : a, 0);
  return largest < 0 ? vector.map((x) => -x) : vector;
}
