/** Which part of a batch is whose. */
import type { WorkerPlace } from "./types.ts";

/**
 * Rows [from, to) of a batch that a process computes.
 * @param batchSize a multiple of the number of workers
 */
export function ownRows({ addresses, rank }: WorkerPlace, batchSize: number): [number, number] {
  const count = batchSize / addresses.length;
  return [rank * count, (rank + 1) * count];
}
