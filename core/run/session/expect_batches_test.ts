import assert from "node:assert/strict";
import { planOf, resolveConfig, type RunConfig, runSchema } from "../../config/mod.ts";
import { phasesOf } from "../../schedule.ts";
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

Deno.test("a run that goes on is asked about what is ahead, by its phases as they were cut", () => {
  const sched = ["4:64::0:100", "8:8::0:100", "16:64::0:100"], images = 250;
  const own = run({ startResolution: 4, resolution: 16, sched, images }), count = 50;
  const planned = phasesOf(planOf(own, count));
  assert.throws(() => expectBatches(own, { count }), /at 4 px/);
  const ahead = { phases: planned, imagesSeen: 100 };
  assert.throws(() => expectBatches(own, { count }, ahead), /at 16 px/);
  expectBatches({ ...own, images: 200 }, { count }, ahead); // 16 px is not reached …
  const cut = planned.map((p, i) => i === 0 ? p : { ...p, start: p.start - 50, end: p.end - 50 });
  const sooner = { phases: cut, imagesSeen: 100 }; // … but where a phase was cut it is
  assert.throws(() => expectBatches({ ...own, images: 200 }, { count }, sooner), /at 16 px/);
});
