import assert from "node:assert/strict";
import { xTicks, yRange, yTicks } from "./layout.ts";

/** One line whose raw range is `spread` around it. */
const line = (values: (number | null)[], spread = 0) => [{
  series: {
    last: values,
    min: values.map((v) => v === null ? null : v - spread),
    max: values.map((v) => v === null ? null : v + spread),
  },
}];

Deno.test("yRange() holds every smoothed value, and is not stretched by one raw spike in a hundred", () => {
  const [stroke] = line(Array.from({ length: 100 }, (_, i) => i / 100), 0.1);
  stroke!.series.max[50] = 1000;
  const [low, high] = yRange([stroke!], "linear");
  assert.ok(low < 0 && high > 0.99 && high < 1.3, `${low} … ${high}`);
});

Deno.test("yRange() gives a constant, and nothing, room around it", () => {
  const [low, high] = yRange(line([0.002, null, 0.002]), "linear");
  assert.ok(low < 0.002 && high > 0.002 && high < 0.003);
  assert.deepEqual(yRange(line([0, 0]), "linear"), [-1, 1]);
  assert.deepEqual(yRange(line([null]), "linear"), [0, 1]);
  assert.ok(yRange(line([3, 3]), "log")[0] > 0, "a logarithm needs what is above zero");
});

Deno.test("ticks are written as people read them", () => {
  assert.deepEqual(yTicks([0, 30_000], 3, "linear").map((t) => t.text), [
    "0",
    "10 k",
    "20 k",
    "30 k",
  ]);
  assert.deepEqual(yTicks([1e-6, 1e-3], 4, "log").map((t) => t.text), [
    "1e−6",
    "1e−5",
    "1e−4",
    "0.001",
  ]);
  const range = [0, 3] as const;
  const bands = [4, 8, 8].map((resolution, from) => ({
    ...{ from, to: from + 1, resolution },
    kind: from === 1 ? "fade" as const : "stabilize" as const,
  }));
  assert.deepEqual(xTicks("phase", { range, bands, most: 5 }).map((t) => t.text), ["4", "8↗", "8"]);
  const time = xTicks("time", { range: [0, 7200], bands, most: 2 });
  assert.deepEqual(time.map((t) => t.text), ["0 s", "1 h 00 min", "2 h 00 min"]);
});
