import assert from "node:assert/strict";
import type { StoredManifest } from "./manifest.ts";
import { upgraded } from "./schema_1.ts";
import { contents } from "./test_data.ts";

Deno.test("upgraded() finds a run's state among the counters, under names with slashes too", () => {
  const { meta, imagesSeen } = contents(64), { state: _, ...rest } = meta;
  const counters = {
    step: 8,
    "interval/loss/generator/sum": 1.5,
    "interval/loss/generator/count": 3,
    "interval/alpha/sum": 0.5,
    "interval/alpha/count": 1,
    "muted/ada.step": 1,
  };
  const stored: StoredManifest = {
    format: "cambium-checkpoint",
    schema: 1,
    imagesSeen,
    digest: "0".repeat(64),
    created: "",
    files: {},
    meta: { ...rest, counters },
  };
  const { schema, meta: { counters: left, state } } = upgraded(stored);
  assert.equal(schema, 2);
  assert.deepEqual(left, { step: 8 });
  assert.deepEqual(state, {
    interval: { "loss/generator": { sum: 1.5, count: 3 }, alpha: { sum: 0.5, count: 1 } },
    muted: ["ada.step"],
  });
});
