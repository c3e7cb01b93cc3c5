/** Prepares the next batches while a step runs. */
import type { BatchLoader, HostBatch } from "../../core/data.ts";

/**
 * A loader that stays `depth` batches ahead.
 * @param make creates batch number n
 * @param onClose called once
 * @param onNext called with each batch when it is taken
 */
export function prefetch(
  make: (batch: number) => Promise<HostBatch>,
  onClose: () => void = () => {},
  depth = 2,
  onNext: (batch: HostBatch) => void = () => {},
): BatchLoader {
  const ahead: Promise<HostBatch>[] = [];
  let started = 0, waited = 0, closed = false;
  const fill = () => {
    while (!closed && ahead.length < depth) {
      const batch = make(started++);
      batch.catch(() => {}); // next() reports it
      ahead.push(batch);
    }
  };
  fill();
  return {
    async next() {
      if (closed) {
        throw new Error("Cannot read a batch: expected an open loader, received a closed one");
      }
      fill();
      const from = performance.now();
      try {
        const batch = await ahead.shift()!; // fill() put one there
        onNext(batch);
        return batch;
      } finally {
        waited += performance.now() - from;
        fill();
      }
    },
    get waitedMilliseconds() {
      return waited;
    },
    close() {
      if (closed) return;
      closed = true;
      ahead.length = 0;
      onClose();
    },
  };
}
