import assert from "node:assert/strict";
import { formatBytes } from "./format.ts";

Deno.test("bytes have three digits and never an exponent", () => {
  const sizes = [512, 999, 1000, 999_499, 999_500, 999_600_000, 1.43e9].map(formatBytes);
  assert.deepEqual(sizes, ["512 B", "999 B", "1.00 kB", "999 kB", "1.00 MB", "1.00 GB", "1.43 GB"]);
});
