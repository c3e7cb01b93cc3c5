import assert from "node:assert/strict";
import { isDuration, secondsOf } from "./duration.ts";

Deno.test("secondsOf() reads seconds, minutes, hours and days", () => {
  assert.deepEqual(["0", "90s", "60m", "1.5h", "2d", ".5m", "1_000s"].map(secondsOf), [
    0,
    90,
    3600,
    5400,
    2 * 86_400,
    30,
    1000,
  ]);
});

Deno.test("a number alone, a unit alone and anything else are no lengths of time", () => {
  for (const text of ["60", "m", "", "-5m", "5 m", "1h30m", "5M", "5km", ".s", "9e307d"]) {
    assert.ok(!isDuration(text), text);
    assert.throws(() => secondsOf(text), SyntaxError);
  }
});
