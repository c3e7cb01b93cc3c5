import assert from "node:assert/strict";
import { addTo, averagesOf, charted, type Interval } from "./interval.ts";

Deno.test("averagesOf() is the mean of each name over the steps that had it", () => {
  const interval: Interval = {};
  addTo(interval, { a: 1, b: 5 });
  addTo(interval, { a: 3 });
  assert.deepEqual(averagesOf(interval), { a: 2, b: 5 });
});

Deno.test("charted() leaves out what is for the step hook alone", () => {
  assert.deepEqual(charted({ "_ada/real": 1, "score/real": 2, "a_b": 3 }), {
    "score/real": 2,
    a_b: 3,
  });
});
