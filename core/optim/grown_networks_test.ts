/**
 * Checks optimizers and averages of networks that grow more than once, or whose weights change
 * shape.
 */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { createParameters, ones, zeros } from "../layers/mod.ts";
import { useTestBackend } from "../ops/testdata/check.ts";
import { createAdam, createEma, createRmsprop } from "./mod.ts";

await useTestBackend();

Deno.test("adam counts the steps of each growth by itself", () => {
  const before = tf.memory().numTensors;
  const p = createParameters("n", 1), optimizer = createAdam([], { beta1: 0.5 });
  const rate = tf.scalar(0.001);
  for (const name of ["first", "second", "third"]) {
    p.variable(name, [1], zeros);
    optimizer.sync(p.trainable());
    for (let i = 0; i < 20; i++) {
      const ofAll = () => p.trainable().map(({ path }) => [path, tf.tensor1d([3])]);
      tf.tidy(() => optimizer.apply(Object.fromEntries(ofAll()), rate));
    }
  }
  // Under a constant gradient, each variable moves by the learning rate per step, from its own
  // first step on.
  for (const [i, { variable }] of p.trainable().entries()) {
    const steps = 20 * (3 - i), moved = variable.dataSync()[0]!;
    assert.ok(Math.abs(moved / (-0.001 * steps) - 1) < 1e-4, `${moved} after ${steps} steps`);
  }
  rate.dispose();
  optimizer.dispose();
  p.remove();
  assert.equal(tf.memory().numTensors, before);
});

for (const create of [createAdam, createRmsprop]) {
  Deno.test(`${create.name}() begins anew where a path's variable has another shape`, () => {
    const before = tf.memory().numTensors;
    const p = createParameters("n", 1), optimizer = create([]), rate = tf.scalar(0.1);
    for (const shape of [[2], [3]]) {
      p.remove();
      p.variable("w", shape, zeros);
      optimizer.sync(p.trainable());
      const slot = optimizer.slots().find(({ path }) => path.endsWith("w/square"))!.variable;
      assert.deepEqual([slot.shape, Math.max(...slot.dataSync())], [shape, 0]);
      tf.tidy(() => optimizer.apply({ "n/w": tf.fill(shape, 2) }, rate));
      assert.ok(slot.dataSync().every((v) => v > 0));
    }
    rate.dispose();
    optimizer.dispose();
    p.remove();
    assert.equal(tf.memory().numTensors, before);
  });
  Deno.test(`${create.name}() refuses the gradient of a variable that it doesn't know`, () => {
    const p = createParameters("n", 1);
    p.variable("w", [1], zeros);
    const optimizer = create(p.trainable());
    assert.throws(
      () => tf.tidy(() => optimizer.apply({ "n/new": tf.tensor1d([1]) }, tf.scalar(0.1))),
      {
        name: "RangeError",
        message: /expected a variable that the optimizer knows. Call sync\(\)/,
      },
    );
    optimizer.dispose();
    p.remove();
  });
}

Deno.test("an average begins anew where a variable of the same path has another shape", () => {
  const before = tf.memory().numTensors;
  const p = createParameters("n", 1);
  p.variable("w", [2], zeros);
  const ema = createEma(p.variables());
  p.remove();
  p.variable("w", [3], ones);
  ema.sync(p.variables());
  assert.deepEqual(ema.variables().map(({ variable }) => [...variable.dataSync()]), [[1, 1, 1]]);
  ema.dispose();
  p.remove();
  assert.equal(tf.memory().numTensors, before);
});
