/** Measures how long this process waits for the other workers of distributed training. */
import { paceValues } from "../workers/worker_pace.ts";
import type { Ending } from "./limits.ts";
import type { TrainOptions } from "./train_options.ts";

/** Does nothing where this process trains alone. */
export function followWorkers({ agree, workers, training }: TrainOptions) {
  let waited = 0, since = performance.now(); // milliseconds
  return {
    /** See `TrainOptions.agree`. */
    async agree(own: Ending | undefined): Promise<Ending | undefined> {
      if (!agree) return own;
      const started = performance.now();
      return await agree(own).finally(() => waited += performance.now() - started);
    },

    /**
     * Reports this worker's pace since the last call.
     * @returns curve points of all workers; empty except on rank 0
     */
    values(imagesSeen: number, imagesPerSecond: number): Record<string, number> {
      const count = training.backend.place?.addresses.length, now = performance.now();
      if (!workers || !count) return {};
      const waiting = waited / (now - since);
      workers.tell({ imagesSeen, imagesPerSecond: imagesPerSecond / count, waiting });
      [waited, since] = [0, now];
      return paceValues(workers.rows);
    },
  };
}
