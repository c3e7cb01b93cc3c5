import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { Random, seedFor } from "../random.ts";
import "./mod.ts";
import { useTestBackend } from "./testdata/check.ts";

await useTestBackend();

/** Linear ops of tfjs, and the input shape of each. */
const linear: Record<string, [number[], (x: tf.Tensor) => tf.Tensor]> = {
  "mirrorPad reflect": [[2, 4, 3], (x) => tf.mirrorPad(x, [[1, 0], [3, 1], [0, 2]], "reflect")],
  "mirrorPad symmetric": [[2, 4, 3], (x) => tf.mirrorPad(x, [[2, 0], [1, 4], [0, 3]], "symmetric")],
};
for (const size of [[6, 5], [2, 2], [7, 3], [1, 1], [3, 4]] as [number, number][]) {
  const image = (x: tf.Tensor) => x as tf.Tensor4D; // of the shape below
  linear[`resizeBilinear to ${size}`] = [
    [2, 3, 4, 2],
    (x) => tf.image.resizeBilinear(image(x), size, false, true),
  ];
  linear[`resizeNearestNeighbor to ${size}`] = [
    [2, 3, 4, 2],
    (x) => tf.image.resizeNearestNeighbor(image(x), size, false, true),
  ];
}
for (const axis of [0, 1]) {
  for (const [exclusive, reverse] of [[false, false], [true, false], [false, true]] as const) {
    linear[`cumsum along ${axis}${exclusive ? ", exclusive" : ""}${reverse ? ", reverse" : ""}`] = [
      [3, 3],
      (x) => tf.cumsum(x, axis, exclusive, reverse),
    ];
  }
}

for (const [name, [shape, apply]] of Object.entries(linear)) {
  Deno.test(`the gradient of ${name} is its adjoint, ⟨A x, y⟩ = ⟨x, Aᵀ y⟩, and linear`, () => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const noise = (shape: number[], stream: string) => {
        const size = shape.reduce((a, b) => a * b, 1);
        return tf.tensor(new Random(seedFor(1, stream)).normals(size), shape);
      };
      const x = noise(shape, "x"), image = apply(x), y = noise(image.shape, "y");
      const adjoint = (y: tf.Tensor) => tf.grad((x) => tf.sum(tf.mul(apply(x), y)))(x);
      const product = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.mul(a, b)).dataSync()[0]!;
      const [left, right] = [product(image, y), product(x, adjoint(y))];
      assert.ok(Math.abs(left - right) < 1e-4 * Math.max(1, Math.abs(left)), `${left}, ${right}`);
      // The gradient of ⟨x, Aᵀ y⟩ with respect to y is A x again.
      const again = tf.grad((y) => tf.sum(tf.mul(adjoint(y), x)))(y);
      const apart = tf.max(tf.abs(tf.sub(again, image))).dataSync()[0]!;
      assert.ok(apart < 1e-5, `${apart}`);
    });
    assert.equal(tf.memory().numTensors, before, "tensors are left");
  });
}
