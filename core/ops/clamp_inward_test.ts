import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { clampInward } from "./clamp_inward.ts";

const X = [-1.3, -1.05, -0.5, 1.05, 1.3];

/** The gradient at `X` where the loss's gradient is `slope` in each value. */
function gradientOf(slope: number): number[] {
  return tf.tidy(() => {
    const loss = (x: tf.Tensor) => tf.mul<tf.Scalar>(tf.sum(clampInward(x, -1, 1)), slope);
    return [...tf.grad(loss)(tf.tensor1d(X)).dataSync()].map((x) => x + 0); // -0 is 0
  });
}

Deno.test("clampInward() limits values", () => {
  tf.tidy(() => {
    const limited = clampInward(tf.tensor1d(X), -1, 1).dataSync();
    assert.deepEqual([...limited], [-1, -1, -0.5, 1, 1]);
  });
});

Deno.test("the gradient passes inside, and outside where descending it leads back in", () => {
  assert.deepEqual(gradientOf(1), [0, 0, 1, 1, 1]);
  assert.deepEqual(gradientOf(-1), [-1, -1, -1, 0, 0]);
});
