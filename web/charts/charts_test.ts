import assert from "node:assert/strict";
import { createPace } from "../../core/reporting/pace.ts";
import { phasesOf } from "../../core/schedule.ts";
import { bandsOf, phasePosition, positions, restartsOf } from "./axis.ts";
import { bucket, lowerBound, nearest, upperBound } from "./bucket.ts";
import { estimatePhases } from "./eta.ts";
import { groupSeries, shortName } from "./group.ts";
import { smooth, weightOf } from "./smooth.ts";

const phases = phasesOf([
  { resolution: 4, fadeImages: 0, stabilizeImages: 100, batchSize: 8, learningRate: 1e-3 },
  { resolution: 8, fadeImages: 100, stabilizeImages: 200, batchSize: 8, learningRate: 1e-3 },
  { resolution: 16, fadeImages: 100, stabilizeImages: 100, batchSize: 8, learningRate: 1e-3 },
]);

Deno.test("smooth() is the debiased average of TensorBoard, NaN left out of the count", () => {
  const y = [1, 3, NaN, 5];
  const w = 0.6;
  const weighted = (values: number[]) => {
    // The same by definition: normalized weights w^(n-1-i).
    const weights = values.map((_, i) => w ** (values.length - 1 - i));
    const sum = weights.reduce((a, b) => a + b);
    return values.reduce((a, v, i) => a + v * weights[i]! / sum, 0);
  };
  const out = smooth(y, w);
  assert.ok(Math.abs(out[1]! - weighted([1, 3])) < 1e-12);
  assert.ok(Number.isNaN(out[2]));
  assert.ok(Math.abs(out[3]! - weighted([1, 3, 5])) < 1e-12);
});

Deno.test("smooth() leaves a constant series untouched, and w = 0 everything", () => {
  const constant = Array(50).fill(0.1);
  assert.deepEqual([...smooth(constant, 0.99)], constant);
  assert.deepEqual([...smooth([1, 5, 2], 0)], [1, 5, 2]);
});

Deno.test("smooth() starts anew at a restart: what was before has no weight", () => {
  const out = smooth([9, 1, 4, 100, 100.5], 0.9, [3]);
  assert.equal(out[3], 100);
  assert.deepEqual([...out.subarray(3)], [...smooth([100, 100.5], 0.9)]);
});

Deno.test("bucket() keeps every spike of 100,000 points in its range", () => {
  const n = 100_000;
  const x = Float64Array.from({ length: n }, (_, i) => i);
  const y = new Float32Array(n);
  y[54_321] = 7;
  y[54_322] = -7;
  const { x: bx, series: [only] } = bucket(x, [{ raw: y, smooth: y }], {
    from: 0,
    to: n,
    buckets: 500,
  });
  assert.ok(bx.length <= 500);
  assert.equal(Math.max(...only!.max as number[]), 7);
  assert.equal(Math.min(...only!.min as number[]), -7);
  assert.equal(bx.at(-1), n - 1);
  assert.ok(bx.every((v, i) => i === 0 || v > bx[i - 1]!));
});

Deno.test("bucket() zoomed in gives the points themselves, one more on either side", () => {
  const x = [0, 1, 2, 3, 4, 5, 6, 7];
  const out = bucket(x, [{ raw: x, smooth: x }], { from: 3, to: 5, buckets: 100 });
  assert.deepEqual(out.x, [2, 3, 4, 5, 6]);
  assert.deepEqual(out.series[0]!.last, [2, 3, 4, 5, 6]);
});

Deno.test("bucket() has null where a series has no point", () => {
  const out = bucket([1, 2], [{ raw: [NaN, 4], smooth: [NaN, 4] }], { from: 1, to: 2, buckets: 9 });
  assert.deepEqual(out.series[0], { last: [null, 4], min: [null, 4], max: [null, 4] });
});

Deno.test("lowerBound() and upperBound() enclose equal values", () => {
  assert.equal(lowerBound([1, 2, 2, 2, 3], 2), 1);
  assert.equal(upperBound([1, 2, 2, 2, 3], 2), 4);
  assert.equal(lowerBound([], 1), 0);
});

Deno.test("phasePosition() gives each phase the width 1", () => {
  assert.equal(phasePosition(phases, 0), 0);
  assert.equal(phasePosition(phases, 150), 1.5);
  assert.equal(phasePosition(phases, 300), 2.5);
  assert.equal(phasePosition(phases, 600), 5);
  assert.equal(phasePosition(phases, 9999), 5);
});

Deno.test("positions() in time leave out a stop of more than ten minutes", () => {
  const time = [0, 60, 120, 120 + 3600, 180 + 3600].map((s) => s * 1000);
  assert.deepEqual([...positions("time", { imagesSeen: [0, 1, 2, 3, 4], time }, phases)], [
    0,
    60,
    120,
    120,
    180,
  ]);
});

Deno.test("bandsOf() covers the axis phase by phase, in time only what was trained", () => {
  const imagesSeen = [0, 50, 100, 150];
  const inTime = bandsOf("time", phases, { x: [0, 10, 20, 30], imagesSeen });
  assert.deepEqual(inTime.map((b) => [b.from, b.to, b.resolution, b.kind]), [
    [0, 20, 4, "stabilize"],
    [20, 30, 8, "fade"],
  ]);
  const byPhase = bandsOf("phase", phases, { x: [], imagesSeen: [] });
  assert.deepEqual(byPhase.map((b) => [b.from, b.to]), [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]]);
});

Deno.test(
  "restartsOf() are the first points measured in each phase: one at its start belongs " +
    "to the last",
  () => {
    assert.deepEqual(restartsOf(phases, [10, 90, 100, 150, 210]), [0, 3, 4]);
  },
);

Deno.test("weightOf() leaves what follows from the schedule as it is", () => {
  assert.deepEqual(["alpha", "learning_rate", "loss/generator"].map((n) => weightOf(n, 0.9)), [
    0,
    0,
    0.9,
  ]);
});

Deno.test("nearest() is the index of the nearest value, the later one of none nearer", () => {
  assert.deepEqual([-5, 1.4, 1.6, 3.5, 99].map((x) => nearest([1, 2, 5], x)), [0, 0, 1, 2, 2]);
  assert.equal(nearest([], 1), -1);
});

Deno.test("estimatePhases() goes by what the trainer told, so that both end alike", () => {
  const points = { imagesSeen: [10, 50, 110, 150, 250], rate: [40, 40, 20, 20, 20] };
  const pace = createPace({ relativeTimes: new Map([[4, 1], [8, 2], [16, 5]]) });
  pace.add(4, 100, 100 / 40);
  pace.add(8, 150, 150 / 25); // faster recently
  const all = estimatePhases(phases, 250, points, pace.secondsPerImage(phases));
  assert.deepEqual(all.map((e) => e.state), ["done", "done", "now", "ahead", "ahead"]);
  assert.equal(all[1]!.rate, 20);
  assert.equal(all[2]!.rate, 25);
  assert.equal(all[2]!.imagesLeft, 150);
  assert.deepEqual(all.map((e) => e.isMeasured), [true, true, true, false, false]);
  assert.ok(Math.abs(all[3]!.rate! - 10) < 1e-9);
  assert.ok(Math.abs(all[4]!.endsIn! - pace.remaining(phases, 250, 600)!) < 1e-9);
});

Deno.test("estimatePhases() goes by the curves where no trainer told, and says nothing beyond", () => {
  const points = { imagesSeen: [10, 110, 150], rate: [40, 20, 24] };
  const all = estimatePhases(phases, 250, points);
  assert.equal(all[2]!.endsIn, 150 / 24);
  assert.deepEqual(all.slice(3).map((e) => [e.rate, e.endsIn, e.isMeasured]), [
    [null, null, false],
    [null, null, false],
  ]);
});

Deno.test(
  "groupSeries() gives a plugin's chart what it names, and takes it out of the " +
    "others",
  () => {
    const names = ["ada/p", "ada/sign", "ada/leak", "loss/generator"];
    const panel = { kind: "curves", plugin: "ada", name: "x", title: "Adaptive", note: "n" };
    const groups = groupSeries(names, [
      { ...panel, series: ["ada/sign", "ada/p", "ada/unknown"] },
      { ...panel, name: "y", series: ["ada/unknown"] },
      { ...panel, kind: "bars" },
    ]);
    assert.deepEqual(groups.map(({ title, names }) => [title, names]), [
      ["Losses", ["loss/generator"]],
      ["Ada", ["ada/leak"]],
      ["Adaptive", ["ada/sign", "ada/p"]],
    ]);
    assert.equal(groups[2]!.note, "n");
  },
);

Deno.test("groupSeries() groups by prefix, known groups first, unknown ones kept", () => {
  const groups = groupSeries([
    "zeta/b",
    "alpha",
    "loss/generator",
    "loss/discriminator",
    "zeta/a",
    "term/r1",
  ]);
  assert.deepEqual(groups.map((g) => g.key), ["loss", "term", "alpha", "zeta"]);
  assert.deepEqual(groups[0]!.names, ["loss/discriminator", "loss/generator"]);
  assert.equal(groups[3]!.title, "Zeta");
  assert.equal(shortName("rate/images_per_second"), "images per second");
  assert.equal(shortName("learning_rate"), "learning rate");
});
