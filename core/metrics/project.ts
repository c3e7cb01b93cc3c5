/** Sizes of a projection. */
export interface ProjectionShape {
  patches: number;
  /** Numbers in a patch and in a direction. */
  length: number;
  directions: number;
}

/**
 * Dot products of every direction with every patch, which take most of SWD's time.
 *
 * `patches` is [patches, length] and may be longer; `directions` is [directions, length]; the
 * result is [directions, patches].
 */
export type Project = (
  patches: Float32Array,
  directions: Float32Array,
  shape: ProjectionShape,
) => Float32Array | Promise<Float32Array>;

/** {@linkcode Project} in plain JavaScript: sums in float64, about 10^9 products per second. */
export function projectInJavaScript(
  patches: Float32Array,
  directions: Float32Array,
  shape: ProjectionShape,
): Float32Array {
  const { patches: n, length, directions: k } = shape;
  const out = new Float32Array(k * n);
  let d = 0;
  for (; d + 4 <= k; d += 4) { // four directions per pass over the patches
    const d0 = d * length, d1 = d0 + length, d2 = d1 + length, d3 = d2 + length;
    for (let p = 0; p < n; p++) {
      let s0 = 0, s1 = 0, s2 = 0, s3 = 0;
      for (let i = 0, at = p * length; i < length; i++, at++) {
        const value = patches[at]!; // all indices are in range
        s0 += value * directions[d0 + i]!;
        s1 += value * directions[d1 + i]!;
        s2 += value * directions[d2 + i]!;
        s3 += value * directions[d3 + i]!;
      }
      out[d * n + p] = s0;
      out[(d + 1) * n + p] = s1;
      out[(d + 2) * n + p] = s2;
      out[(d + 3) * n + p] = s3;
    }
  }
  for (; d < k; d++) {
    for (let p = 0; p < n; p++) {
      let sum = 0;
      for (let i = 0; i < length; i++) {
        sum += patches[p * length + i]! * directions[d * length + i]!;
      }
      out[d * n + p] = sum;
    }
  }
  return out;
}
