/**
 * Measures the diversity of samples: the mean L2 distance over all pairs, divided by √(values per
 * sample) to make different resolutions comparable.
 * @param samples [count, …], e.g. the preview latents' images in [-1, 1]
 * @param count number of samples
 * @returns 0 for equal samples; NaN if a value is NaN
 * @throws RangeError if there are fewer than two samples or the length isn't divisible by `count`
 */
export function sampleDiversity(samples: Float32Array, count: number): number {
  const length = samples.length / count;
  if (!(count >= 2) || !Number.isInteger(length) || length === 0) {
    throw new RangeError(
      `Cannot measure diversity: expected two or more samples of one size, ` +
        `received ${samples.length} values for ${count} samples. Pass [count, …] with count ≥ 2.`,
    );
  }
  let sum = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      let squares = 0;
      for (let i = 0, p = a * length, q = b * length; i < length; i++, p++, q++) {
        squares += (samples[p]! - samples[q]!) ** 2; // in range
      }
      sum += Math.sqrt(squares / length);
    }
  }
  return sum / (count * (count - 1) / 2);
}
