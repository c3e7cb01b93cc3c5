/** What sums over many workers would take: computed, not measured. */

/** A network between workers, and what a step tells over it. */
export interface RingOptions {
  workers: number;
  /** Collectives of a step, one after another. */
  count: number;
  /** That each worker gives to them. */
  bytes: number;
  /** Bytes a second of each worker's link, each way. */
  bandwidth: number;
  /** Seconds from one worker to the next for a message of no length. */
  latency: number;
}

/**
 * Seconds of a step's sums by rings: of n workers each sends n - 1 pieces of 1/n to add them up,
 * and as many again to tell the sums (Patarasuk and Yuan 2009, "Bandwidth optimal all-reduce
 * algorithms for clusters of workstations").
 */
export function ringSeconds({ workers, count, bytes, bandwidth, latency }: RingOptions): number {
  const hops = 2 * (workers - 1);
  return (hops / workers) * bytes / bandwidth + hops * count * latency;
}
