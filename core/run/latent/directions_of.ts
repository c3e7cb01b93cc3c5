/** Finds directions in w without labels: closed-form factorization and PCA. */
import { symmetricEigen } from "../../metrics/symmetric_eigen.ts";

/** A direction and its share of the variance. */
export interface FoundDirection {
  /** Unit vector, [F]. */
  vector: Float32Array;
  /** Its share of the sum of eigenvalues, 0 … 1. */
  share: number;
}

/** A row-major matrix on the host. */
export interface HostMatrix {
  /** rows · columns values. */
  data: Float32Array;
  rows: number;
  columns: number;
}

/**
 * Closed-form factorization of style weights (SeFa, Shen and Zhou 2021, equation 6): the unit
 * vectors n that change the styles most. They are the eigenvectors of A Aᵀ, where A concatenates
 * the maps of all layers, with each output scaled to unit length.
 * @param maps affine maps of the layers, [F, outputs] each
 * @throws RangeError where there are none, or they differ in F
 */
export function factoriseStyles(maps: readonly HostMatrix[]): FoundDirection[] {
  const size = maps[0]?.rows ?? 0;
  if (size === 0 || maps.some(({ rows }) => rows !== size)) {
    throw new RangeError(
      `Cannot factorise style weights: expected maps of one w, received ${
        maps.map(({ rows }) => rows).join(", ") || "none"
      }`,
    );
  }
  const gram = new Float64Array(size * size);
  for (const { data, columns } of maps) {
    for (let c = 0; c < columns; c++) {
      let squares = 0;
      for (let i = 0; i < size; i++) squares += data[i * columns + c]! ** 2; // inside
      if (squares > 0) addOuter(gram, size, (i) => data[i * columns + c]!, 1 / squares);
    }
  }
  return foundIn(gram, size);
}

/**
 * Principal components of w (GANSpace, Härkönen et al. 2020, section 2.1): eigenvectors of the
 * rows' covariance.
 * @param w samples of the mapping network, [N, F]
 * @throws RangeError for fewer than two rows
 */
export function principalComponents({ data, rows, columns }: HostMatrix): FoundDirection[] {
  if (rows < 2) {
    throw new RangeError(`Cannot find components: expected two rows or more, received ${rows}`);
  }
  const mean = meanOf({ data, rows, columns }), covariance = new Float64Array(columns * columns);
  for (let r = 0; r < rows; r++) {
    addOuter(covariance, columns, (i) => data[r * columns + i]! - mean[i]!, 1 / (rows - 1));
  }
  return foundIn(covariance, columns);
}

/** Mean of the rows, [columns]. */
export function meanOf({ data, rows, columns }: HostMatrix): Float64Array {
  const mean = new Float64Array(columns);
  for (let i = 0; i < rows * columns; i++) mean[i % columns]! += data[i]! / rows; // inside
  return mean;
}

/** Standard deviation of rows along a unit vector. */
export function spreadAlong(matrix: HostMatrix, vector: ArrayLike<number>): number {
  const { data, rows, columns } = matrix, mean = meanOf(matrix);
  let squares = 0;
  for (let r = 0; r < rows; r++) {
    let along = 0;
    for (let i = 0; i < columns; i++) along += (data[r * columns + i]! - mean[i]!) * vector[i]!;
    squares += along * along;
  }
  return Math.sqrt(squares / rows);
}

/** Adds scale · x xᵀ to the upper half of a matrix. */
function addOuter(m: Float64Array, n: number, x: (i: number) => number, scale: number): void {
  const row = Float64Array.from({ length: n }, (_, i) => x(i));
  for (let i = 0; i < n; i++) {
    const factor = row[i]! * scale;
    for (let j = i; j < n; j++) m[i * n + j]! += factor * row[j]!; // inside
  }
}

function foundIn(matrix: Float64Array, size: number): FoundDirection[] {
  const { values, vectors } = symmetricEigen(matrix, size);
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0) || 1;
  return vectors.map((vector, i) => ({
    vector: Float32Array.from(vector),
    share: Math.max(0, values[i]!) / total, // one value per vector
  }));
}
