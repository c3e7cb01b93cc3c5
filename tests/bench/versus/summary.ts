/** Computes images per second from step times, and the uncertainty of a ratio. */
import type { SideTimes } from "./side.ts";

/** The median; NaN for no values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The quantile 0 … 1, interpolated linearly between neighbours; NaN for no values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part, below = Math.floor(at);
  const low = sorted[below] ?? NaN, high = sorted[below + 1] ?? low;
  return low + (high - low) * (at - below);
}

/**
 * Milliseconds of an average step: the medians of plain and of penalized steps, weighted by how
 * often each occurs.
 * @param every every n-th step is penalized
 */
export function averageStep({ milliseconds, penalized }: SideTimes, every: number): number {
  const due = milliseconds.filter((_, i) => penalized[i]);
  if (every === 1) return median(due);
  const plain = milliseconds.filter((_, i) => !penalized[i]);
  return (median(due) + (every - 1) * median(plain)) / every;
}

/** The times of several rounds, concatenated. */
export function joined(rounds: readonly SideTimes[]): SideTimes {
  return {
    milliseconds: rounds.flatMap((round) => round.milliseconds),
    penalized: rounds.flatMap((round) => round.penalized),
  };
}

/** The quartiles of the ratio between the two sides' steps of one kind, round by round. */
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
