import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Random, randomNormal, seedFor, withStepRandom } from "../../random.ts";
import { mapsAsNoise, noisePenalty, normalized, tracedNoise } from "./noise_maps.ts";
import { noiseAt, rateAt } from "./project_picture.ts";

await tf.setBackend("cpu");

Deno.test("noisePenalty() is the sum of squared mean products with neighbours at each size", () => {
  const random = new Random(seedFor(1, "test/noise"));
  const side = 16, n = random.normals(side * side);
  const at = (map: Float32Array, side: number, y: number, x: number) =>
    map[(y % side) * side + x % side]!; // round the edge
  const penalty = (map: Float32Array, side: number) => {
    let right = 0, below = 0;
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        right += at(map, side, y, x) * at(map, side, y, x + 1) / side ** 2;
        below += at(map, side, y, x) * at(map, side, y + 1, x) / side ** 2;
      }
    }
    return right ** 2 + below ** 2;
  };
  const half = Float32Array.from({ length: 64 }, (_, i) => {
    const y = 2 * Math.floor(i / 8), x = 2 * (i % 8);
    // Half of the sum of four: the variance of white noise stays.
    return (at(n, 16, y, x) + at(n, 16, y, x + 1) + at(n, 16, y + 1, x) + at(n, 16, y + 1, x + 1)) /
      2;
  });
  const found = tf.tidy(() => noisePenalty([tf.tensor4d(n, [1, side, side, 1])]).dataSync()[0]!);
  const expected = penalty(n, 16) + penalty(half, 8);
  assert.ok(Math.abs(found / expected - 1) < 1e-4, `${found} ${expected}`);
  const flat = tf.tidy(() => noisePenalty([tf.ones([1, 8, 8, 1])]).dataSync()[0]);
  assert.equal(flat, 2); // what is all alike is as far from noise as can be
});

Deno.test("noise is traced in the order of its draws, and drawn again from the maps", () => {
  const draw = () => {
    const a = randomNormal([1, 2, 2, 1]), b = randomNormal([1, 4, 4, 1]);
    return tf.concat([tf.reshape(a, [4]), tf.reshape(b, [16])]);
  };
  const traced = tracedNoise(7, draw);
  assert.deepEqual(traced.map(({ shape }) => shape), [[1, 2, 2, 1], [1, 4, 4, 1]]);
  const maps = traced.map(({ shape, values }) => tf.tensor(values, shape));
  const again = tf.tidy(() => withStepRandom(mapsAsNoise(maps), draw).dataSync());
  assert.deepEqual([...again], traced.flatMap(({ values }) => [...values]));
  tf.dispose(maps);
});

Deno.test("normalized() maps have mean 0 and variance 1", () => {
  const values = tf.tidy(() => normalized(tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1])).dataSync());
  // Mean 3, deviations -2, -1, 0, 3, variance 14 / 4.
  [-2, -1, 0, 3].forEach((deviation, i) =>
    assert.ok(Math.abs(values[i]! - deviation / Math.sqrt(3.5)) < 1e-6)
  );
});

Deno.test("rate and noise follow Karras et al. 2020's ramps", () => {
  assert.equal(rateAt(0), 0);
  assert.equal(rateAt(0.025), 0.05); // half of the way up
  assert.equal(rateAt(0.5), 0.1);
  assert.ok(Math.abs(rateAt(0.875) - 0.05) < 1e-12); // half of the way down
  assert.equal(noiseAt(0), 0.05);
  assert.ok(Math.abs(noiseAt(0.375) - 0.0125) < 1e-12); // (1/2)²
  assert.equal(noiseAt(0.75), 0);
});
