import assert from "node:assert/strict";
import { resolveConfig, type RunConfig, runSchema } from "../../config/mod.ts";
import { expectBatches } from "./expect_batches.ts";

function run(values: Record<string, unknown>): RunConfig {
  const [resolved] = resolveConfig([runSchema], [{ from: "the test", values }]);
  return resolved as unknown as RunConfig; // the first schema is runSchema
}

Deno.test(
  "data that can't fill a batch of a later resolution is told before the first one " +
    "starts",
  () => {
    const values = { resolution: 16, sched: ["4:8", "8:8", "16:64"] };
    expectBatches(run(values), { count: 64 });
    assert.throws(
      () => expectBatches(run(values), { count: 50 }),
      /Cannot fill a batch at 16 px: expected at least 64 images to train on, received 50\. .*--batch/,
    );
    expectBatches(run({ ...values, images: 1000 }), { count: 50 }); // 16 px is never reached
  },
);
