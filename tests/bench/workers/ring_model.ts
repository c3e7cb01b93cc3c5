/** Computes, rather than measures, what sums over many workers would take. */

/** A network between workers, and what a step sends over it. */
export interface RingOptions {
  workers: number;
  /** Collectives of a step, which run one after another. */
  count: number;
  /** Bytes that each worker contributes to them. */
  bytes: number;
  /** Bandwidth of each worker's link in each direction, bytes per second. */
  bandwidth: number;
  /** Time for an empty message from one worker to the next, seconds. */
  latency: number;
}

/**
 * Seconds of a step's ring all-reduces: each of n workers sends n - 1 pieces of 1/n to add them up,
 * and as many again to distribute the sums (Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce
 * algorithms for clusters of workstations").
 */
export function ringSeconds({ workers, count, bytes, bandwidth, latency }: RingOptions): number {
  const hops = 2 * (workers - 1);
  return (hops / workers) * bytes / bandwidth + hops * count * latency;
}
