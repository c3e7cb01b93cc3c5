import assert from "node:assert/strict";
import { Random, seedFor } from "../random.ts";
import { kMeans } from "./k_means.ts";

/** Clusters of points around centres with the given sizes, in a shuffled order. */
function blobs(centres: number[][], sizes: number[], spread = 0.1) {
  const random = new Random(seedFor(1, "blobs"));
  const points = centres.flatMap((centre, k) =>
    Array.from({ length: sizes[k]! }, () => ({
      k,
      at: centre.map((x) => x + spread * random.normal()),
      key: random.uniform(),
    }))
  ).sort((a, b) => a.key - b.key);
  const values = Float32Array.from(points.flatMap(({ at }) => at));
  return { rows: { values, count: points.length, length: 2 }, of: points.map(({ k }) => k) };
}

Deno.test("kMeans() finds heaps of points, the largest first", () => {
  const { rows, of } = blobs([[0, 0], [9, 0], [0, 9], [9, 9]], [10, 40, 20, 30]);
  const rank = [3, 0, 2, 1]; // of each heap by its size
  assert.deepEqual([...kMeans(rows, { count: 4 }).of], of.map((k) => rank[k]));
});

Deno.test("kMeans() is the same each time for a seed", () => {
  const { rows } = blobs([[0, 0], [1, 0]], [30, 30], 0.5);
  assert.deepEqual(kMeans(rows, { count: 5, seed: 3 }), kMeans(rows, { count: 5, seed: 3 }));
});

Deno.test("rows of clusters that are too small go to the nearest other", () => {
  const { rows, of } = blobs([[0, 0], [9, 0], [9.5, 3]], [20, 12, 2]);
  const { of: found, centres } = kMeans(rows, { count: 3, smallest: 5 });
  assert.equal(centres.length, 2);
  assert.deepEqual([...found], of.map((k) => k === 0 ? 0 : 1));
});

Deno.test("kMeans() makes no more clusters than there are different rows", () => {
  const rows = { values: Float32Array.of(1, 1, 5, 5, 1, 1), count: 3, length: 2 };
  assert.deepEqual([...kMeans(rows, { count: 8 }).of], [0, 1, 0]);
  assert.throws(
    () => kMeans({ values: new Float32Array(), count: 0, length: 2 }, { count: 2 }),
    /expected rows and a cluster at least, received 0 rows and 2 clusters/,
  );
});
