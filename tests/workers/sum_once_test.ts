/** A training step sends each weight's gradient once, however many terms it is summed from. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freeAddresses } from "../../core/workers/free_addresses.ts";
import { CASES } from "../bench/versus/cases.ts";
import { startSide } from "../bench/versus/side.ts";
import type { WorkerFacts, WorkerOrder } from "../bench/workers/worker_side.ts";
import { hasTensorFlow } from "../faults/tiny_run.ts";

/**
 * What else may be summed, relative to the gradients' bytes: losses, the mean of w, the features of
 * the minibatch standard deviation, and products in which a gradient is not linear.
 */
const MORE = 0.1;

Deno.test({
  name: "a step sums each weight's gradient over the workers once, with the penalty and without",
  ignore: !await hasTensorFlow(),
  fn: async () => {
    const side = fileURLToPath(new URL("../bench/workers/worker_side.ts", import.meta.url));
    const addresses = freeAddresses(2), { name } = CASES[0]!; // the default model
    const workers = await Promise.all(addresses.map((_, rank) => {
      const order: WorkerOrder = { name, resolution: 16, threads: 1, place: { addresses, rank } };
      return startSide(Deno.execPath(), ["run", "-A", "--no-check", side, JSON.stringify(order)]);
    }));
    try {
      for (const { facts } of workers) {
        const { parameters, collectives } = facts as WorkerFacts; // worker_side.ts reports these
        const numbers = Object.values(parameters).reduce((sum, count) => sum + count, 0);
        const gradients = 4 * numbers; // bytes of float32
        for (const [kind, { bytes }] of Object.entries(collectives)) {
          assert.ok(bytes >= gradients, `${kind}: ${bytes} bytes of ${gradients}`);
          assert.ok(bytes <= (1 + MORE) * gradients, `${kind}: ${bytes} bytes of ${gradients}`);
        }
      }
    } finally {
      await Promise.all(workers.map((worker) => worker.close()));
    }
  },
});
