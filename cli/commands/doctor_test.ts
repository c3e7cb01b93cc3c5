import assert from "node:assert/strict";
import { formatRate } from "./doctor.ts";

Deno.test("a rate has the unit that leaves it digits", () => {
  assert.deepEqual([1234.5, 85.4, 9.96, 1, 0.3204].map(formatRate), [
    "1235 GFLOP/s",
    "85 GFLOP/s",
    "10.0 GFLOP/s",
    "1.0 GFLOP/s",
    "320 MFLOP/s",
  ]);
});
