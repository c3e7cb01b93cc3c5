import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { useTestBackend } from "../ops/testdata/check.ts";
import { elementwise } from "./elementwise.ts";

await useTestBackend();

Deno.test(
  "elementwise() computes small rows at once, large ones one by one, each in its " +
    "shape",
  () => {
    tf.tidy(() => {
      const rows = [[2, 3], [], [5000], [1, 2, 2]].map((shape, i) => [
        tf.fill(shape, i + 1),
        tf.fill(shape, 10),
      ]);
      const calls: number[] = [];
      const results = elementwise(rows, (a, b) => {
        calls.push(a!.size);
        return [tf.add(a!, b!), tf.mul(a!, b!)];
      });
      assert.deepEqual(calls, [6 + 1 + 4, 5000]);
      results.forEach(([sum, product], i) => {
        const [{ shape, size }] = rows[i] as [tf.Tensor, tf.Tensor]; // made above
        assert.deepEqual([sum!.shape, product!.shape], [shape, shape]);
        assert.deepEqual([...sum!.dataSync()], Array(size).fill(i + 11));
        assert.deepEqual([...product!.dataSync()], Array(size).fill((i + 1) * 10));
      });
    });
  },
);

Deno.test("elementwise() takes no rows, and a single one", () => {
  assert.deepEqual(elementwise([], () => assert.fail("called")), []);
  tf.tidy(() => {
    const [[y] = []] = elementwise([[tf.tensor1d([1, 2])]], (x) => [tf.neg(x!)]);
    assert.deepEqual([...y!.dataSync()], [-1, -2]);
  });
});
