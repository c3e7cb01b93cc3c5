/** From step times to images a second, and what to believe of a ratio. */
import type { SideTimes } from "./side.ts";

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * The value at a part 0 … 1 of the sorted values, between neighbours by their distance; NaN of
 * none.
 */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part, below = Math.floor(at);
  const low = sorted[below] ?? NaN, high = sorted[below + 1] ?? low;
  return low + (high - low) * (at - below);
}

/**
 * Milliseconds of an average step: the median of the plain steps and that of the penalized ones, as
 * often as each comes.
 * @param every a penalized step comes at every n-th
 */
export function averageStep({ milliseconds, penalized }: SideTimes, every: number): number {
  const due = milliseconds.filter((_, i) => penalized[i]);
  if (every === 1) return median(due);
  const plain = milliseconds.filter((_, i) => !penalized[i]);
  return (median(due) + (every - 1) * median(plain)) / every;
}

/** Times of several rounds, one after another. */
export function joined(rounds: readonly SideTimes[]): SideTimes {
  return {
    milliseconds: rounds.flatMap((round) => round.milliseconds),
    penalized: rounds.flatMap((round) => round.penalized),
  };
}

/** The quartiles of the ratio from round to round: each side's steps of one kind, side by side. */
export function ratioQuartiles(
  ours: readonly SideTimes[],
  peer: readonly SideTimes[],
): [number, number] {
  const ratios: number[] = [];
  ours.forEach((mine, round) => {
    for (const kind of [true, false]) {
      const of = (times: SideTimes | undefined) =>
        median(times?.milliseconds.filter((_, i) => times.penalized[i] === kind) ?? []);
      const ratio = of(peer[round]) / of(mine);
      if (Number.isFinite(ratio)) ratios.push(ratio);
    }
  });
  return [quantile(ratios, 0.25), quantile(ratios, 0.75)];
}
