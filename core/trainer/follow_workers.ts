/** What a session measures of other workers: how long it waits for them. */
import { paceValues } from "../workers/worker_pace.ts";
import type { Ending } from "./limits.ts";
import type { TrainOptions } from "./train_options.ts";

/** Where this process trains alone, nothing is asked and nothing measured. */
export function followWorkers({ agree, workers, training }: TrainOptions) {
  let waited = 0, since = performance.now(); // milliseconds
  return {
    /** See `TrainOptions.agree`. */
    async agree(own: Ending | undefined): Promise<Ending | undefined> {
      if (!agree) return own;
      const started = performance.now();
      return await agree(own).finally(() => waited += performance.now() - started);
    },

    /** Tells how this one does since the last call. @returns points of curves, of all workers */
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
