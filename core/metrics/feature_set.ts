/** Image features: one row of numbers per image, computed by a frozen network. */

/** Features of a set of images. */
export interface FeatureSet {
  /** One row per image: [count, length]. */
  readonly values: Float32Array;
  readonly count: number;
  /** Features per image. */
  readonly length: number;
}

/** Computes features of batches of images. */
export interface FeatureExtractor {
  /** Its name in curves, e.g. "efficientnet". */
  readonly id: string;
  /** Its name in tables, e.g. "EfficientNet-lite0". */
  readonly name: string;
  /** Features per image. */
  readonly length: number;
  /**
   * @param images uint8 [N, R, R, C]
   * @returns [N, length]
   */
  extract(images: Uint8Array, shape: { resolution: number; channels: number }): Promise<
    Float32Array
  >;
  dispose(): void;
}

/** Rows `from` … `from + count - 1`. */
export function rowsOf(set: FeatureSet, from: number, count: number): FeatureSet {
  const { values, length } = set;
  return { values: values.subarray(from * length, (from + count) * length), count, length };
}

/** @throws RangeError if the sets have features of different lengths, or none */
export function expectComparable(a: FeatureSet, b: FeatureSet): void {
  if (a.length === b.length && a.count > 0 && b.count > 0) return;
  throw new RangeError(
    `Cannot compare features: expected images of equal feature length, received ` +
      `${a.count} of ${a.length} and ${b.count} of ${b.length}`,
  );
}
