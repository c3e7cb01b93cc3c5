/** How a batch is divided among workers. */
import type { WorkerPlace } from "./types.ts";

/**
 * The rows [from, to) of a batch that a worker computes.
 * @param batchSize a multiple of the number of workers
 */
export function ownRows({ addresses, rank }: WorkerPlace, batchSize: number): [number, number] {
  const count = batchSize / addresses.length;
  return [rank * count, (rank + 1) * count];
}
