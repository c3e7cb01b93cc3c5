import assert from "node:assert/strict";
import { readNumber } from "./read_number.ts";

Deno.test("numbers are read as people write them, and nothing else is one", () => {
  const read = [".5", "5.", "-.25", "1e-3", "2E+2", "1_000", "20k", "1.5M", "0.1k"].map(readNumber);
  assert.deepEqual(read, [0.5, 5, -0.25, 0.001, 200, 1000, 20_000, 1_500_000, 100]);
  for (
    const text of ["", ".", "k", "0x10", "Infinity", "1,5", "1 0", "--1", "1e", "1e999", "-1e308k"]
  ) {
    assert.ok(Number.isNaN(readNumber(text)), text);
  }
});
