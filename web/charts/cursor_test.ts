import assert from "node:assert/strict";
import { nearestKnown, stepCursor } from "./cursor.ts";

const dense = { x: [0, 1, 2, 3, 4, 5], last: [0, 1, 2, 3, 4, 5] };
const sparse = { x: [0, 1, 2, 3, 4, 5], last: [null, 10, null, null, 40, null] };

Deno.test("nearestKnown() skips points at which a line has no value", () => {
  assert.deepEqual([0, 2, 3, 5, 99].map((at) => nearestKnown(sparse, at)), [1, 1, 4, 4, 4]);
  assert.deepEqual([-1, 2.2, 9].map((at) => nearestKnown(dense, at)), [0, 2, 5]);
  assert.equal(nearestKnown({ x: [1, 2], last: [null, null] }, 1), -1);
  assert.equal(nearestKnown({ x: [], last: [] }, 1), -1);
});

Deno.test(
  "stepCursor() goes from value to value, from either end at first, and stays at the " +
    "last",
  () => {
    const range = [0, 5] as const;
    const step = (from: number | null, by: -1 | 1) => stepCursor([sparse], { from, by, range });
    assert.deepEqual([step(null, 1), step(1, 1), step(4, 1)], [1, 4, 4]);
    assert.deepEqual([step(null, -1), step(3.5, -1), step(1, -1)], [4, 1, 1]);
    assert.equal(stepCursor([{ x: [1], last: [null] }], { from: 0, by: 1, range }), null);
  },
);

Deno.test("stepCursor() takes the points of all lines, as far as they are shown", () => {
  const other = { x: [0.5, 3.5], last: [1, 2] };
  const step = (from: number | null) =>
    stepCursor([sparse, other], { from, by: 1, range: [0.9, 3.9] });
  assert.deepEqual([step(null), step(1), step(3.5)], [1, 3.5, 3.5]);
});
