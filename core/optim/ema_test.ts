import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { createParameters, ones, zeros } from "../layers/mod.ts";
import { useTestBackend } from "../ops/testdata/check.ts";
import { createEma, emaDecay } from "./ema.ts";

await useTestBackend();

function assign(variable: tf.Variable, values: number[]): void {
  tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
}

Deno.test("update() moves the average towards the live value by 1 - decay", () => {
  const before = tf.memory().numTensors;
  const p = createParameters("g", 1),
    w = p.variable("w", [2], zeros),
    ema = createEma(p.variables());
  const average = ema.variables()[0]!.variable;
  assign(w, [8, -4]);
  ema.update(0.75);
  assert.deepEqual([...average.dataSync()], [2, -1]);
  tf.tidy(() => ema.update(tf.scalar(0.5)));
  assert.deepEqual([...average.dataSync()], [5, -2.5]);
  assert.deepEqual([...w.dataSync()], [8, -4]);
  ema.dispose();
  p.remove();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test(
  "withAverage() shows the averages and puts the live values back, even after an " +
    "error",
  () => {
    const p = createParameters("g", 1),
      w = p.variable("w", [1], ones),
      ema = createEma(p.variables());
    assign(w, [5]);
    const before = tf.memory().numTensors;
    assert.equal(ema.withAverage(() => w.dataSync()[0]), 1);
    assert.equal(w.dataSync()[0], 5);
    assert.throws(() =>
      ema.withAverage(() => {
        throw new RangeError("inside");
      }), { message: "inside" });
    assert.equal(w.dataSync()[0], 5);
    assert.equal(ema.variables()[0]!.variable.dataSync()[0], 1);
    assert.equal(tf.memory().numTensors, before);
    ema.dispose();
    p.remove();
  },
);

Deno.test(
  "sync() starts new variables from the live value and keeps the averages of known " +
    "ones",
  () => {
    const before = tf.memory().numTensors;
    const p = createParameters("g", 1), old = p.scope("a").variable("w", [1], zeros);
    const ema = createEma(p.variables());
    assign(old, [4]);
    ema.update(0.5);
    p.scope("b").variable("w", [2], ones);
    ema.sync(p.variables());
    const values = () => ema.variables().map((v) => [v.path, ...v.variable.dataSync()]);
    assert.deepEqual(values(), [["ema/g/a/w", 2], ["ema/g/b/w", 1, 1]]);
    p.scope("a").remove();
    ema.sync(p.variables());
    assert.deepEqual(values(), [["ema/g/b/w", 1, 1]]);
    ema.dispose();
    p.remove();
    assert.equal(tf.memory().numTensors, before);
  },
);

Deno.test("emaDecay() halves a weight after the half-life, whatever the batch size", () => {
  assert.equal(emaDecay(10_000, 10_000), 0.5);
  assert(Math.abs(emaDecay(16, 10_000) ** (10_000 / 16) - 0.5) < 1e-12);
});
