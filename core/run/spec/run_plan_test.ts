import assert from "node:assert/strict";
import { withStopAfter } from "./run_plan.ts";

Deno.test(
  "minutes of a run made before budgets stop a session after that long, as they " +
    "did",
  () => {
    assert.deepEqual(withStopAfter({ minutes: 60, images: 0 }), { images: 0, stopAfter: "60m" });
    assert.deepEqual(withStopAfter({ minutes: 0.5 }), { stopAfter: "0.5m" });
    assert.deepEqual(withStopAfter({ minutes: 0 }), { stopAfter: "0" });
    assert.deepEqual(withStopAfter({ stopAfter: "8h", images: 3 }), { stopAfter: "8h", images: 3 });
  },
);
