import assert from "node:assert/strict";
import { floatSorter } from "./sort_floats.ts";

Deno.test("floatSorter() sorts as Float32Array.sort() does", () => {
  const sort = floatSorter(5000);
  const special = [0, -1, 1, Infinity, -Infinity, 1e-45, -1e-45, 3.4e38, -3.4e38, 1, -1];
  for (const length of [0, 1, 2, 5000]) {
    const values = Float32Array.from({ length }, (_, i) => special[i] ?? Math.tan(i * i));
    const sorted = values.slice();
    sort(sorted);
    assert.deepEqual(sorted, values.slice().sort());
  }
});

Deno.test("floatSorter() sorts a view alone", () => {
  const all = Float32Array.of(9, 3, 1, 2, 0);
  floatSorter(3)(all.subarray(1, 4));
  assert.deepEqual([...all], [9, 1, 2, 3, 0]);
});
