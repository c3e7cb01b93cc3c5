/**
 * The drawn data of one series: in each bucket the last smoothed value and the range of raw values.
 */
export interface BucketedSeries {
  last: (number | null)[];
  min: (number | null)[];
  max: (number | null)[];
}

/** Several series with a common x, thinned to what the screen can show. */
export interface Buckets {
  x: number[]; // ascending
  series: BucketedSeries[];
}

/** What to show, and in how many buckets. */
export interface BucketOptions {
  from: number; // least x shown
  to: number; // greatest x shown
  buckets: number; // about one for every two px
}

/**
 * Thins series for drawing to at most `buckets` positions, each with the last smoothed value and
 * the minimum and maximum of the raw values, so that no spike is lost. One point on either side of
 * the range is kept, so that lines extend to the chart's edges.
 * @param x ascending positions
 * @param series raw and smoothed values, each as long as `x`; NaN where there is none
 */
export function bucket(
  x: ArrayLike<number>,
  series: readonly { raw: ArrayLike<number>; smooth: ArrayLike<number> }[],
  options: BucketOptions,
): Buckets {
  const start = Math.max(0, lowerBound(x, options.from) - 1);
  const end = Math.min(x.length, upperBound(x, options.to) + 1);
  const shown = Math.max(0, end - start);
  const size = Math.max(1, Math.ceil(shown / Math.max(1, options.buckets)));
  const out: Buckets = { x: [], series: series.map(() => ({ last: [], min: [], max: [] })) };
  for (let i = start; i < end; i += size) {
    const stop = Math.min(end, i + size);
    out.x.push(x[stop - 1]!);
    series.forEach(({ raw, smooth }, s) => {
      let last: number | null = null;
      let min = Infinity;
      let max = -Infinity;
      for (let k = i; k < stop; k++) {
        const y = raw[k]!;
        if (!Number.isFinite(y)) continue;
        if (y < min) min = y;
        if (y > max) max = y;
        last = smooth[k]!;
      }
      const to = out.series[s]!;
      to.last.push(last);
      to.min.push(last === null ? null : min);
      to.max.push(last === null ? null : max);
    });
  }
  return out;
}

/** First index whose x is at least `value`. */
export function lowerBound(x: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First index whose x is greater than `value`. */
export function upperBound(x: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = x.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Index of the value nearest to `value`; -1 if there is none.
 * @param x ascending
 */
export function nearest(x: ArrayLike<number>, value: number): number {
  const after = Math.min(x.length - 1, lowerBound(x, value));
  return after > 0 && value - x[after - 1]! < x[after]! - value ? after - 1 : after;
}
