import { strict as assert } from "node:assert";
import { averageStep, joined, median, quantile, ratioQuartiles } from "./summary.ts";

Deno.test("quantile() lies between neighbours by their distance", () => {
  assert.equal(median([4, 1, 3]), 3);
  assert.equal(median([1, 2]), 1.5);
  assert.equal(quantile([0, 10, 20, 30, 40], 0.25), 10);
  assert.ok(Number.isNaN(median([])));
});

Deno.test("averageStep() weighs penalized steps by how often they come", () => {
  const times = {
    milliseconds: [90, 10, 12, 11, 110],
    penalized: [true, false, false, false, true],
  };
  assert.equal(averageStep(times, 8), (100 + 7 * 11) / 8);
  assert.equal(averageStep({ milliseconds: [3, 9, 5], penalized: [true, true, true] }, 1), 5);
});

Deno.test("ratioQuartiles() compares equal kinds of steps of one round", () => {
  const ours = [
    { milliseconds: [10, 100], penalized: [false, true] },
    { milliseconds: [20, 20], penalized: [false, false] },
  ];
  const peer = [
    { milliseconds: [20, 200], penalized: [false, true] },
    { milliseconds: [40, 40], penalized: [false, false] },
  ];
  assert.deepEqual(ratioQuartiles(ours, peer), [2, 2]);
  assert.equal(joined(ours).milliseconds.length, 4);
});
