/** The pace of each worker, as collected by rank 0. */

/** What a worker reports at each progress event. */
export interface WorkerPace {
  imagesSeen: number;
  /** Images per second, of its own share of each batch. */
  imagesPerSecond: number;
  /**
   * Fraction of the time since the last progress event spent waiting for the others at step ends.
   */
  waiting: number;
}

/** A worker's pace next to the others'. */
export interface WorkerRow extends WorkerPace {
  rank: number;
  /** How much later than the first worker this one reached that image, milliseconds. */
  lag: number;
}

/** With more workers than this, only the slowest are charted. */
const MOST_SHOWN = 16;

/**
 * Collects the workers' reports for one imagesSeen at a time; an incomplete row of reports is
 * dropped when a report for a later one arrives.
 */
export class PaceTable {
  #count: number;
  #imagesSeen = -1;
  #rows = new Map<number, WorkerPace & { at: number }>();

  /** @param count number of workers */
  constructor(count: number) {
    this.#count = count;
  }

  /**
   * @param at time of arrival, milliseconds of one clock
   * @returns all workers by rank, once the last one has reported for that image
   */
  add(rank: number, pace: WorkerPace, at: number): WorkerRow[] | undefined {
    if (pace.imagesSeen < this.#imagesSeen) return undefined;
    if (pace.imagesSeen > this.#imagesSeen) this.#rows.clear();
    this.#imagesSeen = pace.imagesSeen;
    this.#rows.set(rank, { ...pace, at });
    if (this.#rows.size < this.#count) return undefined;
    const first = Math.min(...[...this.#rows.values()].map((row) => row.at));
    return [...this.#rows].sort(([a], [b]) => a - b)
      .map(([rank, { at, ...row }]) => ({ rank, ...row, lag: at - first }));
  }
}

/** Curve points by name: rate, wait and lag of each worker, or of those that lag most. */
export function paceValues(rows: readonly WorkerRow[]): Record<string, number> {
  const shown = [...rows].sort((a, b) => b.lag - a.lag).slice(0, MOST_SHOWN);
  return Object.fromEntries(
    shown.flatMap(({ rank, imagesPerSecond, waiting, lag }) => [
      [`worker_rate/${rank}`, imagesPerSecond],
      [`worker_wait/${rank}`, waiting],
      [`worker_lag/${rank}`, lag],
    ]),
  );
}
