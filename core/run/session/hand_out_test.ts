import assert from "node:assert/strict";
import { handOut } from "./hand_out.ts";
import { twoGathers } from "./test_gathers.ts";

Deno.test("worker 0's text reaches all, whatever its length", async () => {
  for (const text of ["", "x", "Größe 64 px", "ab".repeat(5000)]) {
    const [first, second] = twoGathers();
    assert.deepEqual(await Promise.all([handOut(first!, text), handOut(second!)]), [text, text]);
  }
});
