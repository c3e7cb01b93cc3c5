import assert from "node:assert/strict";
import { refuseIdleDecay } from "./idle_decay.ts";

Deno.test("flags that say when the rate falls are refused where it stays", () => {
  assert.throws(() => refuseIdleDecay({ decayFrom: 0.5 }, { finalRate: 1 }), {
    name: "ConfigError",
    message: /--decay-from .* has no effect with --final-rate 1, .* give --final-rate 0\.1/,
  });
  const decayPeriods = ["0:100k"];
  assert.throws(() => refuseIdleDecay({ decayPeriods }, { finalRate: 1 }), /--decay-periods/);
  refuseIdleDecay({ decayFrom: 0.5, decayPeriods }, { finalRate: 0.9 });
  refuseIdleDecay({ decayPeriods: [] }, { finalRate: 1 });
});
