import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "./mod.ts";

await selectBackend({ name: "wasm" });

Deno.test("on wasm the gradient of a gather takes no more memory than what is gathered", () => {
  const rows = 40_000, before = tf.memory().numTensors; // their square is more than 4 GiB
  tf.tidy(() => {
    const x = tf.zeros([rows, 3]),
      indices = tf.tensor1d([...Array(rows).keys()].reverse(), "int32");
    const weight = tf.reshape(tf.range(0, 3 * rows), [rows, 3]);
    const gradient = tf.grad((x) => tf.sum(tf.mul(tf.gather(x, indices), weight)))(x).dataSync();
    const expected = tf.reverse(weight, 0).dataSync(); // each row was gathered once
    assert.deepEqual(gradient, expected);
  });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("on wasm sums of segments keep the type of their values, and leave out what is in none", () => {
  tf.tidy(() => {
    const ids = tf.tensor1d([1, -1, 1, 0, 3], "int32");
    const of = (dtype: "float32" | "int32", first: number) => {
      const x = tf.tensor2d([[first, 1], [7, 7], [1, 2], [5, 6], [8, 8]], [5, 2], dtype);
      const sums = tf.unsortedSegmentSum(x, ids, 3);
      return [sums.dtype, ...sums.dataSync()];
    };
    assert.deepEqual(of("float32", 0.5), ["float32", 5, 6, 1.5, 3, 0, 0]);
    assert.deepEqual(of("int32", 2 ** 24), ["int32", 5, 6, 2 ** 24 + 1, 3, 0, 0]);
  });
});
