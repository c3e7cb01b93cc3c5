import assert from "node:assert/strict";
import { variationOf } from "./vary.ts";

Deno.test("variationOf() keeps the middle when only turning, and mirrors about it", () => {
  const [a, b, c, d, e, f] = variationOf({ rotate: 40, scale: 0, shift: 0 }, {
    seed: 1,
    k: 3,
    flip: false,
  });
  assert.ok(
    Math.abs(a * 0.5 + c * 0.5 + e - 0.5) < 1e-12 && Math.abs(b * 0.5 + d * 0.5 + f - 0.5) < 1e-12,
  );
  assert.ok(Math.abs(a * d - b * c - 1) < 1e-12, "a turn keeps areas");
  const mirrors = Array.from(
    { length: 20 },
    (_, k) => variationOf({ rotate: 0, scale: 0, shift: 0 }, { seed: 1, k, flip: true })[0],
  );
  assert.deepEqual([...new Set(mirrors)].sort(), [-1, 1]);
});
