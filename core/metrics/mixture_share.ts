/** Mean and mean square of each feature over a set of samples. */
export interface Moments {
  /** Mean of each feature. */
  mean: readonly number[];
  /** Mean square of each feature. */
  meanSquare: readonly number[];
}

/**
 * Estimates where samples lie between two kinds of data: the least-squares λ of m(samples) = λ
 * m(to), where m are the features' first two moments about `from` in units of both kinds' spread.
 * Moments of a mixture are mixtures of moments, so if a fraction λ of the samples is like `to` and
 * the rest like `from`, the result is λ, whatever the features (Forman 2005, "Counting Positives
 * Accurately Despite Inaccurate Classification", by moments).
 * @returns 0 … 1 for mixtures, below or above for samples that are like neither; 0 if both kinds
 * are alike
 * @throws RangeError if the numbers of features differ or are zero
 */
export function mixtureShare(
  { from, to, samples }: { from: Moments; to: Moments; samples: Moments },
): number {
  const count = from.mean.length;
  for (const { mean, meanSquare } of [from, to, samples]) {
    if (count === 0 || mean.length !== count || meanSquare.length !== count) {
      throw new RangeError(
        `Cannot compare moments: expected equally many features, one at least, received ` +
          `${count}, ` +
          `${mean.length} means and ${meanSquare.length} mean squares`,
      );
    }
  }
  let along = 0, length = 0;
  for (let k = 0; k < count; k++) {
    // k is a valid index throughout
    const centre = from.mean[k]!, variance = from.meanSquare[k]! - centre ** 2;
    const spread = (variance + to.meanSquare[k]! - to.mean[k]! ** 2) / 2;
    if (!(spread > 0)) continue; // the feature is constant: it tells nothing
    const moments = ({ mean, meanSquare }: Moments) => {
      const about = meanSquare[k]! - 2 * centre * mean[k]! + centre ** 2; // E (f - centre)²
      return [(mean[k]! - centre) / Math.sqrt(spread), (about - variance) / spread] as const;
    };
    const [first, second] = moments(to), [ofFirst, ofSecond] = moments(samples);
    along += first * ofFirst + second * ofSecond;
    length += first ** 2 + second ** 2;
  }
  return length > 1e-6 ? along / length : 0;
}
