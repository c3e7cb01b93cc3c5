import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { useTestBackend } from "../ops/testdata/check.ts";
import { seedFor, withSeed } from "../random.ts";
import { instanceNoise, labelFlips, linearDecay, smoothedTarget } from "./stabilizers.ts";

await useTestBackend();

Deno.test("linearDecay() falls in a line from its first value to 0, and stays there", () => {
  const at = (seen: number) => tf.tidy(() => linearDecay(0.5, tf.scalar(seen), 1000).dataSync()[0]);
  assert.deepEqual([0, 250, 500, 1000, 5000].map(at), [0.5, 0.375, 0.25, 0, 0]);
});

Deno.test("instanceNoise() adds noise of the given deviation, and none at 0", () => {
  tf.tidy(() =>
    withSeed(seedFor(1, "test"), () => {
      const x = tf.fill<tf.Rank.R4>([1, 32, 32, 4], 3);
      assert.deepEqual(instanceNoise(x, 0).dataSync(), x.dataSync());
      const noise = tf.sub(instanceNoise(x, tf.scalar(0.1)), x);
      const deviation = tf.sqrt(tf.mean(tf.square(noise))).dataSync()[0]!;
      // 4,096 draws: the standard error of the deviation is 1/√8192, about 1.1 %.
      assert(Math.abs(deviation / 0.1 - 1) < 0.05, `${deviation}`);
    })
  );
});

Deno.test("labelFlips() flips each label with the given probability", () => {
  tf.tidy(() =>
    withSeed(seedFor(1, "test"), () => {
      assert.deepEqual([...labelFlips(3, 0).dataSync()], [0, 0, 0]);
      assert.deepEqual([...labelFlips(3, tf.scalar(1)).dataSync()], [1, 1, 1]);
      const flips = labelFlips(4096, 0.25);
      assert.deepEqual(flips.shape, [4096, 1]);
      assert.deepEqual([...new Set(flips.dataSync())].sort(), [0, 1]);
      // The standard error of the share is √(0.25 · 0.75 / 4096), about 0.007.
      assert(Math.abs(tf.mean(flips).dataSync()[0]! - 0.25) < 0.03);
    })
  );
});

Deno.test("smoothedTarget() is 1 less the amount", () => {
  assert.equal(tf.tidy(() => smoothedTarget(tf.scalar(0.125)).dataSync()[0]), 0.875);
});
