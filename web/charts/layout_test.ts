import assert from "node:assert/strict";
import { byResolution } from "./bands.ts";
import { xText, xTicks, yRange, yTicks } from "./layout.ts";

/** A line with a raw range of `spread` around it. */
const line = (values: (number | null)[], spread = 0) => [{
  series: {
    last: values,
    min: values.map((v) => v === null ? null : v - spread),
    max: values.map((v) => v === null ? null : v + spread),
  },
}];

Deno.test(
  "yRange() holds every smoothed value, and is not stretched by one raw spike in a " +
    "hundred",
  () => {
    const [stroke] = line(Array.from({ length: 100 }, (_, i) => i / 100), 0.1);
    stroke!.series.max[50] = 1000;
    const [low, high] = yRange([stroke!], "linear");
    assert.ok(low < 0 && high > 0.99 && high < 1.3, `${low} … ${high}`);
  },
);

Deno.test("yRange() gives a constant, and nothing, room around it", () => {
  const [low, high] = yRange(line([0.002, null, 0.002]), "linear");
  assert.ok(low < 0.002 && high > 0.002 && high < 0.003);
  assert.deepEqual(yRange(line([0, 0]), "linear"), [-1, 1]);
  assert.deepEqual(yRange(line([null]), "linear"), [0, 1]);
  const empty = yRange(line([null]), "log");
  assert.ok(empty[0] > 0);
  assert.ok(yTicks(empty, 5, "log").length > 0, "ends");
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
  assert.equal(xText("phase", 1.25, bands), "8 px fading, 25 %");
  assert.equal(xText("phase", 3, bands), "8 px stabilizing, 100 %");
  assert.equal(xText("images", 12_345.4, bands), "12,345 images");
  assert.equal(xText("time", 3900, []), "1 h 05 min");
  const time = xTicks("time", { range: [0, 7200], bands, most: 2 });
  assert.deepEqual(time.map((t) => t.text), ["0 s", "1 h 00 min", "2 h 00 min"]);
});

Deno.test("yTicks() of what hardly changes still differ", () => {
  const texts = (low: number, high: number) => yTicks([low, high], 4, "linear").map((t) => t.text);
  assert.deepEqual(texts(0.19998, 0.20002), [
    ...["0.19998", "0.19999", "0.20000", "0.20001", "0.20002"],
  ]);
  assert.deepEqual(texts(0.9994, 1.0006), ["0.9995", "1.0000", "1.0005"]);
  assert.deepEqual(texts(-12_345.2, -12_344.8).at(0), "−12345.2");
  assert.deepEqual(texts(1e-5, 1.0002e-5).at(-1), "1.00020e−5");
  assert.deepEqual(texts(0, 0.8), ["0", "0.2", "0.4", "0.6", "0.8"]);
  for (const value of [3e-7, 0.2, 7, 1234, 56_789, 3e8]) {
    for (const part of [1, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5]) {
      const all = texts(value * (1 - part), value * (1 + part));
      assert.equal(new Set(all).size, all.length, `${value} ± ${part}: ${all}`);
    }
  }
});

Deno.test("byResolution() joins a fade and what follows it", () => {
  const bands = [[4, 0, 10], [8, 10, 12], [8, 12, 30], [16, 30, 31]].map((
    [resolution, from, to],
  ) => ({ resolution: resolution!, from: from!, to: to!, kind: "fade" as const }));
  assert.deepEqual(byResolution(bands).map(({ resolution, from, to }) => [resolution, from, to]), [
    ...[[4, 0, 10], [8, 10, 30], [16, 30, 31]],
  ]);
});
