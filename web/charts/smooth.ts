/**
 * Debiased exponential moving average, as in TensorBoard's scalar chart: `last = w·last + (1 −
 * w)·y; out = last / (1 − wⁿ)`, where n is the number of finite points so far. NaN passes through,
 * a constant series stays unchanged, and the average restarts at each of `restarts`, so that a
 * curve does not carry values of 16 px over to 32 px.
 * @param values one series, in order
 * @param weight w, from 0 (raw) to below 1
 * @param restarts ascending indices at which a new phase begins
 * @returns the smoothed series, as long as `values`
 */
export function smooth(
  values: ArrayLike<number>,
  weight: number,
  restarts: readonly number[] = [],
): Float64Array {
  // copies typed arrays at once, where `from` copies one by one
  const out = new Float64Array(values);
  if (weight <= 0) return out;
  let next = 0;
  let last = 0;
  let decay = 1; // wⁿ
  let first = NaN; // since the last restart
  let constant = true;
  for (let i = 0; i < out.length; i++) {
    while (next < restarts.length && restarts[next]! <= i) {
      if (restarts[next] === i) [last, decay, first, constant] = [0, 1, NaN, true];
      next++;
    }
    const y = out[i]!;
    if (!Number.isFinite(y)) continue;
    if (Number.isNaN(first)) first = y;
    else if (y !== first) constant = false;
    last = weight * last + (1 - weight) * y;
    decay *= weight;
    if (!constant) out[i] = last / (1 - decay);
  }
  return out;
}

/** Series given by the schedule: they have no noise, and averaging would make them wrong. */
const EXACT: readonly string[] = ["alpha", "learning_rate"];

/**
 * The weight of the average for a series.
 * @param weight the setting for all series
 */
export function weightOf(name: string, weight: number): number {
  return EXACT.includes(name) ? 0 : weight;
}

/**
 * Smooths a series at the first call, so that charts that are off the screen cost nothing.
 * @param values as in {@linkcode smooth}, like the other parameters
 */
export function smoothLater(
  values: ArrayLike<number>,
  weight: number,
  restarts: readonly number[],
): () => Float64Array {
  let made: Float64Array | undefined;
  return () => made ??= smooth(values, weight, restarts);
}
