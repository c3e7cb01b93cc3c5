import assert from "node:assert/strict";
import { densityCoverage } from "./density_coverage.ts";
import type { FeatureSet } from "./feature_set.ts";
import { nearestOf } from "./feature_distances.ts";
import { frechetDistance } from "./frechet_distance.ts";
import { kid, squaredMmd } from "./kid.ts";

/**
 * Features that NumPy reproduced in float64 for the values below: sin(0.7 i + phase) + 0.3
 * cos(0.013 i² + phase), rounded to float32.
 */
function features(count: number, length: number, phase: number): FeatureSet {
  const values = Float32Array.from(
    { length: count * length },
    (_, i) => Math.sin(0.7 * i + phase) + 0.3 * Math.cos(i * i * 0.013 + phase),
  );
  return { values, count, length };
}
const real = features(24, 6, 0), fake = features(20, 6, 0.1);

function near(received: number, expected: number, tolerance: number): void {
  assert.ok(Math.abs(received - expected) <= tolerance, `${received}, not ${expected}`);
}

Deno.test("squaredMmd() is NumPy's unbiased estimate", async () => {
  near(await squaredMmd(real, fake) * 1e3, -230.87068415248524, 1e-6);
});

Deno.test(
  "kid() is the mean over subsets, by seed, and near the estimate of all " +
    "images",
  async () => {
    const result = await kid(real, fake, { seed: 1, subsets: 4000 });
    assert.equal(result.subset, 10);
    // Both are unbiased estimates for the same two sets.
    near(result.mean, -230.87068415248524, 4 * result.spread / Math.sqrt(4000));
    assert.deepEqual(await kid(real, fake, { seed: 1, subsets: 4000 }), result);
    assert.notDeepEqual(await kid(real, fake, { seed: 2, subsets: 4000 }), result);
  },
);

Deno.test("kid() refuses sets that are too small or of different features", async () => {
  await assert.rejects(() => kid(real, features(3, 6, 0), { seed: 0 }), RangeError);
  await assert.rejects(() => kid(real, features(20, 5, 0), { seed: 0 }), /equal feature length/);
});

Deno.test("densityCoverage() is NumPy's", async () => {
  const { density, coverage } = await densityCoverage(real, fake);
  near(density, 1.03, 1e-12);
  near(coverage, 1.0, 1e-12);
  const two = await densityCoverage(real, fake, { k: 2 });
  near(two.density, 1.325, 1e-12);
  near(two.coverage, 1.0, 1e-12);
  near((await densityCoverage(real, fake, { k: 1 })).precision, 0.95, 1e-12);
  near((await densityCoverage(real, features(20, 6, 0.9), { k: 1 })).precision, 0, 1e-12);
  await assert.rejects(() => densityCoverage(features(5, 6, 0), fake), RangeError);
});

Deno.test("frechetDistance() is NumPy's, 0 of a set and itself, in either order", () => {
  near(frechetDistance(real, fake), 0.012056657053892472, 1e-9);
  const far = features(20, 6, 0.9);
  near(frechetDistance(real, far), 0.05411871124871137, 1e-9);
  near(frechetDistance(far, real), 0.05411871124871137, 1e-9);
  near(frechetDistance(real, real), 0, 1e-9);
  assert.throws(() => frechetDistance(real, features(1, 6, 0)), /two images or more, received 1/);
  assert.throws(() => frechetDistance(real, features(20, 5, 0)), /equal feature length/);
});

Deno.test("nearestOf() is NumPy's, and leaves an image itself out where it shall", async () => {
  const found = await nearestOf(fake, real);
  assert.deepEqual(found.map(({ index }) => index), [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    10,
    11,
    12,
    13,
    14,
    15,
    22,
    23,
    21,
    19,
  ]);
  const sorted = found.map(({ distance }) => distance).sort((a, b) => a - b);
  near((sorted[9]! + sorted[10]!) / 2, 0.17539590931771837, 1e-6);
  const self = await nearestOf(real, real, { skipSelf: true });
  assert.ok(self.every(({ index, distance }, i) => index !== i && distance > 0));
});
