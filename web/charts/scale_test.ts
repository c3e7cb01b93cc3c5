import assert from "node:assert/strict";
import { createScale, ticksOf, timeTicksOf } from "./scale.ts";

Deno.test("createScale() meets its ends and comes back, whatever the bend", () => {
  for (
    const [bend, low, high] of [["linear", -2, 6], ["log", 0.01, 100], [
      "symmetric",
      -5,
      900,
    ]] as const
  ) {
    const { toPosition, toValue } = createScale([low, high], [220, 10], bend);
    assert.ok(
      Math.abs(toPosition(low) - 220) < 1e-9 && Math.abs(toPosition(high) - 10) < 1e-9,
      bend,
    );
    for (const value of [low, (low + high) / 3, high]) {
      assert.ok(Math.abs(toValue(toPosition(value)) - value) < 1e-9 * high, bend);
    }
  }
  const log = createScale([1, 100], [0, 100], "log");
  assert.ok(Math.abs(log.toPosition(10) - 50) < 1e-9);
  const symmetric = createScale([-100, 100], [0, 100], "symmetric");
  assert.ok(Math.abs(symmetric.toPosition(0) - 50) < 1e-9);
  assert.ok(symmetric.toPosition(1) > 65, "a hundredth of the range has room");
});

Deno.test("createScale() of one value puts it at the first end", () => {
  assert.equal(createScale([3, 3], [0, 100]).toPosition(3), 0);
});

Deno.test("ticksOf() gives round values, as many as fit", () => {
  assert.deepEqual(ticksOf([0, 1], 5), [0, 0.2, 0.4, 0.6, 0.8, 1]);
  assert.deepEqual(ticksOf([-0.31, 0.29], 3), [-0.2, 0, 0.2]);
  assert.deepEqual(ticksOf([120, 98_000], 4), [20_000, 40_000, 60_000, 80_000]);
  assert.deepEqual(ticksOf([0.1, 0.3], 2), [0.1, 0.2, 0.3]);
  for (const range of [[0, 1e-9], [-1e9, 2], [3, 3.0001]] as const) {
    const ticks = ticksOf(range, 6);
    assert.ok(ticks.length >= 2 && ticks.length <= 7, `${range}: ${ticks}`);
    assert.ok(ticks.every((v) => v >= range[0] && v <= range[1]), `${range}: ${ticks}`);
  }
});

Deno.test(
  "ticksOf() of a log scale are powers of ten, thinned where many; of a short one as " +
    "usual",
  () => {
    assert.deepEqual(ticksOf([0.002, 50], 8, "log"), [0.01, 0.1, 1, 10]);
    assert.deepEqual(ticksOf([1e-6, 1e6], 4, "log"), [1e-6, 1e-2, 1e2, 1e6]);
    assert.deepEqual(ticksOf([1, 1.5], 5, "log"), [1, 1.1, 1.2, 1.3, 1.4, 1.5]);
    assert.deepEqual(ticksOf([-1500, 2000], 7, "symmetric"), [-1000, -100, 0, 100, 1000]);
  },
);

Deno.test("ticksOf() of a log scale leave no large part of it without a label", () => {
  assert.deepEqual(ticksOf([0.55, 1.9], 4, "log"), [0.7, 1, 1.5]);
  assert.deepEqual(ticksOf([0.9, 28], 4, "log"), [1, 2, 5, 10, 20]);
  assert.deepEqual(ticksOf([0.25, 12], 4, "log"), [0.5, 1, 2, 5, 10]);
  assert.deepEqual(ticksOf([1.1, 150], 4, "log"), [3, 10, 30, 100]);
  for (let high = 1.2; high < 1e4; high *= 1.3) {
    for (let low = 1; low < 10; low *= 1.2) {
      const ticks = ticksOf([low, low * high], 4, "log");
      const places = [low, ...ticks, low * high].map(Math.log);
      const gaps = places.slice(1).map((at, i) => (at - places[i]!) / Math.log(high));
      assert.ok(ticks.length >= 2 && ticks.length <= 5, `${low} × ${high}: ${ticks}`);
      assert.ok(Math.max(...gaps) < 0.6, `${low} × ${high}: ${ticks}`);
    }
  }
});

Deno.test("timeTicksOf() are round on a clock", () => {
  assert.deepEqual(timeTicksOf([0, 3600], 5), [0, 900, 1800, 2700, 3600]);
  assert.deepEqual(timeTicksOf([0, 100_000], 4), [0, 43_200, 86_400]);
});
