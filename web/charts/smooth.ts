/**
 * Debiased exponential moving average, as TensorBoard's scalar chart draws it:
 * `last = w·last + (1 − w)·y; out = last / (1 − wⁿ)` with n the number of finite points so far.
 * NaN passes through, a constant series stays untouched, and the average starts anew at each of
 * `restarts`: a curve must not carry 16 px into 32 px.
 * @param values one series in the order of its points
 * @param weight w, 0 (raw) … below 1
 * @param restarts ascending indices where a new phase begins
 * @returns the smoothed series, as long as `values`
 */
export function smooth(
  values: ArrayLike<number>,
  weight: number,
  restarts: readonly number[] = [],
): Float64Array {
  const out = new Float64Array(values); // copies typed arrays at once, which `from` does one by one
  if (weight <= 0) return out;
  let next = 0;
  let last = 0;
  let decay = 1; // wⁿ
  let first = NaN; // of this stretch
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

/**
 * Series that follow from the schedule: they have no noise to smooth, and averages of them are
 * wrong.
 */
const EXACT: readonly string[] = ["alpha", "learning_rate"];

/**
 * The weight of the average for a series.
 * @param weight as chosen for all
 */
export function weightOf(name: string, weight: number): number {
  return EXACT.includes(name) ? 0 : weight;
}

/**
 * A smoothed series that is computed when it is first looked at: charts off the screen cost
 * nothing.
 * @param values as {@linkcode smooth} takes them, as the others
 */
export function smoothLater(
  values: ArrayLike<number>,
  weight: number,
  restarts: readonly number[],
): () => Float64Array {
  let made: Float64Array | undefined;
  return () => made ??= smooth(values, weight, restarts);
}
