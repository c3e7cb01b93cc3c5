import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { useTestBackend } from "../ops/testdata/check.ts";
import { heNormal, normal, ones } from "./initializers.ts";
import { createParameters, type NamedVariable, withoutFirstValues } from "./parameters.ts";

await useTestBackend();

Deno.test("variables() lists paths in the order of creation, below a scope only", () => {
  const root = createParameters("generator", 1), block = root.scope("8x8").scope("conv0");
  block.variable("weight", [2], ones);
  root.scope("4x4").variable("constant", [1], ones, { trainable: false });
  root.scope("8x8").variable("noise", [1], ones, { learningRateMultiplier: 0.01 });
  assert.deepEqual(root.variables().map((v) => v.path), [
    "generator/8x8/conv0/weight",
    "generator/4x4/constant",
    "generator/8x8/noise",
  ]);
  assert.deepEqual(root.scope("8x8").variables().map((v) => v.learningRateMultiplier), [1, 0.01]);
  assert.deepEqual(root.trainable().map((v) => v.path), [
    "generator/8x8/conv0/weight",
    "generator/8x8/noise",
  ]);
  assert.equal(root.scope("8").variables().length, 0, "8 is not a prefix of 8x8");
  root.remove();
});

Deno.test("first values depend on the seed and the path, not on the order of creation", () => {
  const values = (seed: number, order: string[]) => {
    const root = createParameters("g", seed);
    for (const name of order) root.variable(name, [3], normal());
    const all = root.variables().map((v) => [v.path, [...v.variable.dataSync()]]);
    root.remove();
    return Object.fromEntries(all);
  };
  const first = values(1, ["a", "b"]);
  assert.deepEqual(values(1, ["b", "a"]), first);
  assert.notDeepEqual(first["g/a"], first["g/b"]);
  assert.notDeepEqual(values(2, ["a", "b"])["g/a"], first["g/a"]);
  const root = createParameters("g", 1);
  const [x, y] = ["4x4", "8x8"].map((scope) => root.scope(scope).variable("w", [3], normal()));
  assert.notDeepEqual([...x!.dataSync()], [...y!.dataSync()], "one name in two scopes");
  root.remove();
});

Deno.test("remove() disposes a scope, frees its paths, and leaves the rest", () => {
  const before = tf.memory().numTensors;
  const root = createParameters("g", 1);
  root.scope("a").variable("w", [2], ones);
  root.scope("b").variable("w", [2], ones);
  root.scope("a").remove();
  assert.deepEqual(root.variables().map((v) => v.path), ["g/b/w"]);
  assert.equal(tf.memory().numTensors, before + 1);
  root.scope("a").variable("w", [3], ones);
  root.remove();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("two networks of one name live side by side", () => {
  const a = createParameters("g", 1), b = createParameters("g", 1);
  const [x, y] = [a.variable("w", [1], ones), b.variable("w", [1], ones)];
  assert.notEqual(x.name, y.name);
  a.remove();
  assert.equal(y.dataSync()[0], 1);
  b.remove();
});

Deno.test("variable() refuses a path that exists, and names with a slash", () => {
  const root = createParameters("g", 1);
  root.variable("w", [1], ones);
  assert.throws(() => root.variable("w", [1], ones), {
    name: "RangeError",
    message: /Cannot create variable "g\/w": expected a new path, received one that exists/,
  });
  assert.throws(() => root.scope("a/b"), { name: "RangeError", message: /received "a\/b"/ });
  root.remove();
});

Deno.test("normal() and heNormal() have their deviation", () => {
  const root = createParameters("g", 1);
  const deviation = (v: tf.Variable) =>
    tf.tidy(() => tf.sqrt(tf.mean(tf.square(v))).dataSync()[0]!);
  // 4,608 draws: the standard error of the deviation is 1/√9216, about 1 %.
  const plain = deviation(root.variable("a", [3, 3, 16, 32], normal(2)));
  const he = deviation(root.variable("b", [3, 3, 16, 32], heNormal()));
  assert(Math.abs(plain / 2 - 1) < 0.04, `${plain}`);
  assert(Math.abs(he / Math.sqrt(2 / 144) - 1) < 0.04, `${he}`);
  root.remove();
});

Deno.test("withoutFirstValues() leaves shapes and paths, and values that come after it", () => {
  const create = (seed: number) => {
    const parameters = createParameters("generator", seed);
    const { shape } = parameters.variable("weight", [2, 3], normal());
    const [{ path, variable }] = parameters.variables() as [NamedVariable];
    const values = [...variable.dataSync()];
    parameters.remove();
    return { shape, path, values };
  };
  const usual = create(1);
  assert(usual.values.every((x) => x !== 0));
  assert.deepEqual(withoutFirstValues(() => create(1)), { ...usual, values: Array(6).fill(0) });
  assert.throws(() => withoutFirstValues(() => assert.fail()));
  assert.deepEqual(create(1), usual);
});
