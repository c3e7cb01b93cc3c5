import assert from "node:assert/strict";
import { labelOf, latentOf, noiseOf } from "./seeded.ts";

Deno.test("seeds are what 32 bits hold, and none stands for the draws of another", () => {
  assert.notDeepEqual(latentOf(2 ** 32 - 1, 8), latentOf(0, 8));
  const refused =
    /^RangeError: Cannot draw from seed .*: expected a whole number of 0 … 4294967295$/;
  for (const seed of [2 ** 32, 2 ** 53 + 1, -1, 0.5, NaN]) {
    for (const draw of [() => latentOf(seed, 8), () => labelOf(seed, 3), () => noiseOf(seed)]) {
      assert.throws(draw, refused);
    }
  }
});
