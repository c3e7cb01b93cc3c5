import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { createParameters, ones, type Parameters, zeros } from "../layers/mod.ts";
import { assertClose, type Packed, unpack, useTestBackend } from "../ops/testdata/check.ts";
import { clipWeights, createAdam, createRmsprop, lossGradients, type Optimizer } from "./mod.ts";

await useTestBackend();

interface Reference {
  start: Record<string, Packed>;
  multipliers: Record<string, number>;
  rates: number[];
  gradients: Record<string, Packed>[];
  values: Record<string, Record<string, Packed>[]>;
}
const reference: Reference = JSON.parse(
  Deno.readTextFileSync(new URL("./testdata/optim.json", import.meta.url)),
); // written by make.py

const optimizers: Record<string, (p: Parameters) => Optimizer> = {
  "adam 0 0.99": (p) => createAdam(p.trainable()),
  "adam 0.5 0.9": (p) => createAdam(p.trainable(), { beta1: 0.5, beta2: 0.9 }),
  "adam 0.9 0.999 epsilon 0.125": (p) =>
    createAdam(p.trainable(), { beta1: 0.9, beta2: 0.999, epsilon: 0.125 }),
  "rmsprop 0.99": (p) => createRmsprop(p.trainable()),
  "rmsprop 0.9 epsilon 0.125": (p) => createRmsprop(p.trainable(), { alpha: 0.9, epsilon: 0.125 }),
};

function network(): Parameters {
  const p = createParameters("n", 1);
  for (const [name, { shape, values }] of Object.entries(reference.start)) {
    const learningRateMultiplier = reference.multipliers[name]!;
    p.variable(name, shape, () => new Float32Array(values), { learningRateMultiplier });
  }
  return p;
}

function step(optimizer: Optimizer, gradients: Record<string, Packed>, rate: number): void {
  tf.tidy(() => {
    const named = Object.entries(gradients).map(([name, g]) => [`n/${name}`, unpack(g)]);
    optimizer.apply(Object.fromEntries(named), tf.scalar(rate));
  });
}

for (const [name, create] of Object.entries(optimizers)) {
  Deno.test(`${name} follows PyTorch's, step by step, with multipliers and changing rates`, () => {
    const before = tf.memory().numTensors;
    const parameters = network(), optimizer = create(parameters);
    const made = tf.memory().numTensors;
    reference.gradients.forEach((gradients, i) => {
      step(optimizer, gradients, reference.rates[i]!);
      for (const { path, variable } of parameters.variables()) {
        const expected = reference.values[name]![i]![path.slice(2)]!;
        assertClose(variable, expected, `${path} after step ${i + 1}`, 2e-6);
      }
    });
    assert.equal(tf.memory().numTensors, made, "apply() leaked");
    optimizer.dispose();
    parameters.remove();
    assert.equal(tf.memory().numTensors, before, "dispose() left tensors");
  });
}

Deno.test("each optimizer under test has a reference", () => {
  assert.deepEqual(Object.keys(optimizers), Object.keys(reference.values));
});

Deno.test("slots() restore an optimizer exactly", () => {
  for (const create of Object.values(optimizers)) {
    const a = network(), first = create(a);
    step(first, reference.gradients[0]!, 0.5);
    const b = network(), second = create(b);
    const copy = (from: Parameters | Optimizer, to: Parameters | Optimizer) => {
      const list = (x: Parameters | Optimizer) => "slots" in x ? x.slots() : x.variables();
      const source = new Map(list(from).map((v) => [v.path, v.variable]));
      for (const { path, variable } of list(to)) variable.assign(source.get(path)!.clone());
    };
    tf.tidy(() => (copy(a, b), copy(first, second)));
    for (const [p, o] of [[a, first], [b, second]] as const) {
      step(o, reference.gradients[1]!, 0.5);
      assert.equal(new Set(o.slots().map((s) => s.path)).size, o.slots().length);
      assert(p.variables().length > 0);
    }
    const values = (p: Parameters) => p.variables().map((v) => [...v.variable.dataSync()]);
    assert.deepEqual(values(b), values(a));
    for (const x of [first, second]) x.dispose();
    for (const x of [a, b]) x.remove();
  }
});

Deno.test("adam without a mean keeps one slot a variable, and one count", () => {
  const p = network(),
    plain = createAdam(p.trainable()),
    full = createAdam(p.trainable(), { beta1: 0.5 });
  assert.deepEqual(plain.slots().map((s) => s.path), [
    "adam/squareCount",
    "adam/n/a/square",
    "adam/n/b/square",
  ]);
  assert.equal(full.slots().length, 6);
  plain.dispose();
  full.dispose();
  p.remove();
});

Deno.test("sync() keeps the slots of known variables, adds new ones at 0, drops the gone", () => {
  const before = tf.memory().numTensors;
  const p = createParameters("n", 1);
  const a = p.scope("old").variable("a", [2], zeros);
  const optimizer = createAdam(p.trainable());
  tf.tidy(() => optimizer.apply({ "n/old/a": tf.tensor1d([1, 2]) }, tf.scalar(0.1)));
  p.scope("new").variable("b", [1], ones);
  optimizer.sync(p.trainable());
  const slot = (path: string) => {
    const found = optimizer.slots().find((s) => s.path === `adam/${path}/square`);
    return found && [...found.variable.dataSync()];
  };
  assert.deepEqual(slot("n/old/a"), [1, 4]);
  assert.deepEqual(slot("n/new/b"), [0]);
  p.scope("old").remove();
  assert(a.isDisposed);
  optimizer.sync(p.trainable());
  assert.equal(slot("n/old/a"), undefined);
  optimizer.dispose();
  p.remove();
  assert.equal(tf.memory().numTensors, before);
});

for (const beta1 of [0, 0.5]) {
  Deno.test(
    `a variable that adam (beta1 ${beta1}) learns of later moves as in an optimizer of ` +
      `its own`,
    () => {
      const p = createParameters("n", 1);
      const old = p.scope("old").variable("a", [1], zeros);
      const optimizer = createAdam(p.trainable(), { beta1 });
      const gradient = (x: number) => tf.tensor1d([x]);
      const rate = tf.scalar(0.001);
      for (let i = 0; i < 100; i++) {
        tf.tidy(() => optimizer.apply({ "n/old/a": gradient(1) }, rate));
      }
      const young = p.scope("young").variable("b", [1], zeros);
      optimizer.sync(p.trainable());
      const q = createParameters("n", 1);
      const alone = q.scope("young").variable("b", [1], zeros);
      const reference = createAdam(q.trainable(), { beta1 });
      const values = () => [young, alone].map((v) => v.dataSync()[0]!);
      for (const g of [3, -1, 0.5]) {
        tf.tidy(() => optimizer.apply({ "n/old/a": gradient(1), "n/young/b": gradient(g) }, rate));
        tf.tidy(() => reference.apply({ "n/young/b": gradient(g) }, rate));
        const [a, b] = values();
        assert.equal(a, b);
      }
      // The old variable moves on by the learning rate per step, because its gradient is constant.
      assert.ok(Math.abs(old.dataSync()[0]! + 0.103) < 1e-5, String(old.dataSync()));
      p.scope("young").remove();
      optimizer.sync(p.trainable());
      const paths = optimizer.slots().map((s) => s.path);
      assert.deepEqual(paths.filter((path) => path.includes("Count/")), []);
      [optimizer, reference].forEach((o) => o.dispose());
      [p, q].forEach((x) => x.remove());
      rate.dispose();
    },
  );
}

Deno.test("reset() joins the generations of variables", () => {
  const p = createParameters("n", 1);
  p.scope("old").variable("a", [1], zeros);
  const optimizer = createAdam(p.trainable());
  p.scope("young").variable("b", [1], zeros);
  optimizer.sync(p.trainable());
  const counts = () =>
    optimizer.slots().map((s) => s.path).filter((path) => path.includes("Count"));
  assert.deepEqual(counts(), ["adam/squareCount", "adam/squareCount/1"]);
  optimizer.reset();
  assert.deepEqual(counts(), ["adam/squareCount"]);
  p.scope("third").variable("c", [1], zeros);
  optimizer.sync(p.trainable());
  assert.deepEqual(counts(), ["adam/squareCount"]); // all begin again together
  optimizer.dispose();
  p.remove();
});

Deno.test("reset() makes the next step the first", () => {
  const p = network(), optimizer = createAdam(p.trainable(), { beta1: 0.5, beta2: 0.9 });
  for (const gradients of reference.gradients) step(optimizer, gradients, 1);
  optimizer.reset();
  for (const { path, variable } of p.variables()) {
    tf.tidy(() => variable.assign(unpack(reference.start[path.slice(2)]!)));
  }
  step(optimizer, reference.gradients[0]!, reference.rates[0]!);
  for (const { path, variable } of p.variables()) {
    assertClose(variable, reference.values["adam 0.5 0.9"]![0]![path.slice(2)]!, path, 2e-6);
  }
  optimizer.dispose();
  p.remove();
});

Deno.test("apply() leaves variables without a gradient, and refuses unknown ones", () => {
  const p = network(), optimizer = createRmsprop(p.trainable());
  const { a } = reference.gradients[0]!;
  step(optimizer, { a: a! }, 0.5);
  const b = p.variables().find((v) => v.path === "n/b")!.variable;
  assert.deepEqual([...b.dataSync()], reference.start["b"]!.values);
  assert.throws(() => step(optimizer, { c: a! }, 0.5), {
    name: "RangeError",
    message: /Cannot apply the gradient of "n\/c": expected a variable that the optimizer knows/,
  });
  optimizer.dispose();
  p.remove();
});

Deno.test("optimizers refuse decays outside [0, 1)", () => {
  const before = tf.memory().numTensors;
  assert.throws(() => createAdam([], { beta2: 1 }), {
    name: "RangeError",
    message: /beta2.*received 1/,
  });
  assert.throws(() => createRmsprop([], { alpha: -1 }), {
    name: "RangeError",
    message: /received -1/,
  });
  assert.equal(tf.memory().numTensors, before);
});

Deno.test(
  "lossGradients() names gradients by path, of trainable variables that the loss " +
    "depends on",
  () => {
    const p = createParameters("n", 1);
    const a = p.variable("a", [2], ones), b = p.variable("b", [2], ones, { trainable: false });
    p.variable("unused", [2], ones);
    tf.tidy(() => {
      const { value, gradients } = lossGradients(
        () => tf.sum<tf.Scalar>(tf.mul(tf.square(a), b)),
        p.variables(),
      );
      assert.equal(value.dataSync()[0], 2);
      assert.deepEqual(Object.keys(gradients), ["n/a"]);
      assert.deepEqual([...gradients["n/a"]!.dataSync()], [2, 2]);
    });
    p.remove();
  },
);

Deno.test("clipWeights() limits trainable variables on both sides", () => {
  const p = createParameters("n", 1);
  const init = () => Float32Array.of(-2, 0.25, 3);
  const a = p.variable("a", [3], init), b = p.variable("b", [3], init, { trainable: false });
  const c = p.variable("c", [3], init, { equalized: true });
  clipWeights(p.variables(), 0.5);
  assert.deepEqual([...a.dataSync()], [-0.5, 0.25, 0.5]);
  assert.deepEqual([...c.dataSync()], [-2, 0.25, 3]); // within 25
  clipWeights(p.variables(), 0.02);
  assert.deepEqual([...c.dataSync()], [-1, 0.25, 1]);
  assert.deepEqual([...b.dataSync()], [-2, 0.25, 3]);
  p.remove();
});
