import assert from "node:assert/strict";
import { ConfigError } from "../config/mod.ts";
import { wholeNumber } from "./whole_number.ts";

Deno.test("wholeNumber() reads an option within its bounds, both inclusive", () => {
  const read = (count: string) => wholeNumber({ count }, "count", { minimum: 1, maximum: 10 });
  assert.deepEqual([read("1"), read("10"), read("007")], [1, 10, 7]);
  assert.equal(wholeNumber({}, "count", { minimum: 1 }), undefined);
  assert.equal(wholeNumber({ seed: "0" }, "seed"), 0);
});

Deno.test("wholeNumber() names the flag, what was expected and received", () => {
  const expected = new ConfigError(
    'Cannot use --classifier-steps: expected a whole number 1 … 10, received "0"',
  );
  const bounds = { minimum: 1, maximum: 10 };
  assert.throws(() => wholeNumber({ classifierSteps: "0" }, "classifierSteps", bounds), expected);
  for (const text of ["", " ", "-1", "1.5", "1e3", "0x10", "four", "9".repeat(20), true]) {
    assert.throws(
      () => wholeNumber({ rows: text }, "rows"),
      new ConfigError(
        `Cannot use --rows: expected a whole number of at least 0, received "${text}"`,
      ),
    );
  }
});
