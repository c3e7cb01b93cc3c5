import assert from "node:assert/strict";
import { addTo, averagesOf, charted, expectChartName, type RunningMeans } from "./running_means.ts";

Deno.test("averagesOf() is the mean of each name over the steps that had it", () => {
  const interval: RunningMeans = {};
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

Deno.test("expectChartName() refuses the fields that every point has", () => {
  for (const name of ["time", "imagesSeen"]) {
    const message = new RegExp(`Cannot chart "${name}": .*e\\.g\\. "mine/${name}"`);
    assert.throws(() => expectChartName(name), message);
  }
  for (const name of ["Time", "mine/time", "time/data", "_time"]) expectChartName(name);
});
