import assert from "node:assert/strict";
import { sortFloats } from "./sort_floats.ts";

Deno.test("sortFloats() sorts as Float32Array.sort() does", () => {
  const special = [0, -1, 1, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 1, -1];
  for (const length of [0, 1, 2, 5000]) {
    const values = Float32Array.from({ length }, (_, i) => special[i] ?? Math.tan(i * i));
    const sorted = values.slice();
    sortFloats(sorted);
    assert.deepEqual(sorted, values.slice().sort());
  }
});

Deno.test("sortFloats() sorts a view alone", () => {
  const all = Float32Array.of(9, 3, 1, 2, 0);
  sortFloats(all.subarray(1, 4));
  assert.deepEqual([...all], [9, 1, 2, 3, 0]);
});
