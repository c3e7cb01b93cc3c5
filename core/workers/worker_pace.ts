/** How each of several workers does, as rank 0 hears it. */

/** What a worker tells of itself at each progress. */
export interface WorkerPace {
  imagesSeen: number;
  /** Images of its own share a second. */
  imagesPerSecond: number;
  /** Share of the time since the last progress at the end of steps, until all others were there. */
  waiting: number;
}

/** The same, beside the others. */
export interface WorkerRow extends WorkerPace {
  rank: number;
  /** How much later than the first of all this worker came there, milliseconds. */
  lag: number;
}

/** Of more workers than this the slowest are shown. */
const MOST_SHOWN = 16;

/** Hears of one image after another; what is incomplete when a later one comes is dropped. */
export class PaceTable {
  #count: number;
  #imagesSeen = -1;
  #rows = new Map<number, WorkerPace & { at: number }>();

  /** @param count of workers */
  constructor(count: number) {
    this.#count = count;
  }

  /**
   * @param at when it was heard, milliseconds of one clock
   * @returns all workers by rank, once the last of them told of that image
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

/** Points of curves, by name: the rate, wait and lag of each worker, or of those that lag most. */
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
