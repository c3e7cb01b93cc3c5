/** Collectives alone: the time that a step's sums over all workers take without any computation. */
import * as tf from "@tensorflow/tfjs";
import type { Backend, CollectiveStats } from "../../../core/backend/mod.ts";
import { randomNormal, seedFor } from "../../../core/random.ts";

/** Sums that are ready to run, as many and as large as those of a step. */
export interface ReduceChain {
  /** Milliseconds of one run, which all workers must start together. */
  run(): Promise<number>;
  dispose(): void;
}

/** Each sum waits for the previous one, as nearly all sums of a step do. */
export async function createReduceChain(
  backend: Backend,
  { count, bytes }: CollectiveStats,
): Promise<ReduceChain> {
  const workers = backend.place?.addresses.length ?? 1;
  const size = Math.max(1, Math.round(bytes / 4 / Math.max(1, count))); // float32
  const start = tf.variable(tf.ones([1, size]));
  const chain = backend.compile(`reduce-chain-${count}`, () => {
    const rows = randomNormal([workers, 1]); // all workers draw it and keep one row each
    let sum: tf.Tensor = start;
    // each sum is over rows that depend on the previous sum, so that none can be optimized away
    for (let i = 0; i < count; i++) sum = tf.mul(rows, sum).sum(0, true);
    return { sum: sum.max() };
  }, { shared: true });
  let calls = 0;
  const run = async () => {
    const began = performance.now();
    tf.dispose(await chain.run({}, seedFor(0, "chain", calls++)));
    return performance.now() - began;
  };
  await run(); // records
  return {
    run,
    dispose() {
      chain.dispose();
      start.dispose();
    },
  };
}
