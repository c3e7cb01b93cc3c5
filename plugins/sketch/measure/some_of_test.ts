import assert from "node:assert/strict";
import { someOf } from "./some_of.ts";

const items = Array.from({ length: 40 }, (_, i) => i);

Deno.test("someOf() takes as many as asked, in their order, the same for a seed", () => {
  const some = someOf(items, 10, 3);
  assert.equal(new Set(some).size, 10);
  assert.deepEqual(some, [...some].sort((a, b) => a - b));
  assert.deepEqual(some, someOf(items, 10, 3));
  assert.notDeepEqual(some, someOf(items, 10, 4));
  for (const most of [40, 41]) assert.deepEqual(someOf(items, most, 3), items);
});

Deno.test("someOf() takes each item equally often", () => {
  const counts = items.map(() => 0), SEEDS = 2000;
  for (let seed = 0; seed < SEEDS; seed++) for (const i of someOf(items, 10, seed)) counts[i]!++;
  // 500 each, with a standard deviation of sqrt(2000 · ¼ · ¾) = 19.4
  for (const [i, count] of counts.entries()) {
    assert.ok(Math.abs(count - 500) < 97, `${i}: ${count}`);
  }
});
