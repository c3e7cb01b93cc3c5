/** Answers of hooks that the driver refuses. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { type Hooks, type PluginDriver, PluginError } from "./mod.ts";
import type { Context } from "./hooks.ts";
import { driverOf, term } from "./test_driver.ts";

Deno.test("two terms of one name are refused", () => {
  const driver = driverOf({ a: { losses: () => [term("x")] }, b: { losses: () => [term("x")] } });
  assert.throws(() => driver.losses(), /received "x" twice/);
});

Deno.test("two inputs of one name are refused: one plugin would read the other's", () => {
  const driver = driverOf({ a: { inputs: () => ({ x: 1 }) }, b: { inputs: () => ({ x: 2 }) } });
  assert.throws(() => driver.inputs(), /each input's name once, received "x" twice/);
});

Deno.test("an answer of the wrong kind names its plugin, hook and what was received", () => {
  const step = {} as Parameters<PluginDriver["augment"]>[1]; // these hooks read nothing of it
  const images = tf.zeros<tf.Rank.R4>([2, 4, 4, 3]);
  const cases: [Record<string, unknown>, (driver: PluginDriver) => unknown, RegExp][] = [
    [{ losses() {} }, (d) => d.losses(), /list of loss terms, received undefined/],
    [{ losses: () => [term("a"), {}] }, (d) => d.losses(), /received an object as number 1/],
    [{ losses: () => [{ ...term("a"), of: "critic" }] }, (d) => d.losses(), /received "critic"/],
    [
      { losses: () => [{ ...term("a"), every: 0 }] },
      (d) => d.losses(),
      /"every" of loss term "a" to be a whole number of at least 1, received 0/,
    ],
    [
      { losses: () => [{ ...term("a"), value: () => undefined }] },
      (d) => d.losses()[0]!.value(step),
      /loss term "a" to be a scalar, received undefined/,
    ],
    [{ inputs: () => ({ p: NaN }) }, (d) => d.inputs(), /"p" to be a finite number, received NaN/],
    [{ inputs: () => [1] }, (d) => d.inputs(), /object of numbers by name, received a list/],
    [{ transform() {} }, (d) => d.transform({ images }, step), /of tensors .* received undefined/],
    [
      { augment() {} },
      (d) => d.augment(images, step, "real"),
      /tensor of shape \[2,4,4,3\], received undefined/,
    ],
    [
      { augment: () => tf.zeros([2, 4, 4, 1]) },
      (d) => d.augment(images, step, "real"),
      /tensor of shape \[2,4,4,3\], received one of \[2,4,4,1\]/,
    ],
    [
      { transform: () => ({ image: images }) },
      (d) => d.transform({ images }, step),
      /"images" among the tensors, received image\. Pass on/,
    ],
    [
      { transform: () => ({ images: tf.zeros([1, 4, 4, 3]) }) },
      (d) => d.transform({ images }, step),
      /"images" to be a tensor of shape \[2,4,4,3\], received one of \[1,4,4,3\]/,
    ],
    [
      { augment: () => tf.zeros([2, 4, 4, 3], "int32") },
      (d) => d.augment(images, step, "real"),
      /tensor of shape \[2,4,4,3\] and type float32, received one of int32/,
    ],
    [
      { gradients: () => ({ a: tf.scalar(1) }) },
      (d) => d.gradients({ a: tf.zeros([3]) }, step),
      /"a" to be a tensor of shape \[3\], received one of \[\]/,
    ],
    [
      { gradients: (_: Context, g: object) => ({ ...g, "dense/wieght": tf.scalar(1) }) },
      (d) => d.gradients({ "dense/weight": tf.scalar(1) }, step),
      /received one of "dense\/wieght"\. Did you mean "dense\/weight"\?/,
    ],
    [
      { preview: () => Promise.resolve() },
      (d) => d.preview({ latents: null, batch: {}, count: 1, alpha: 1 }),
      /received a Promise: hooks are not async/,
    ],
    [
      { optimizer: () => Promise.resolve() },
      (d) => d.optimizer("generator", []),
      /received a Promise: hooks are not async/,
    ],
    [{ advance: () => "no" }, (d) => d.advance(), /expected true or false, received "no"/],
    [
      { preview: () => ({ images: tf.zeros([1, 4, 4]), columns: 1 }) },
      (d) => d.preview({ latents: null, batch: {}, count: 1, alpha: 1 }),
      /\[cells, R, R, C\].* received images of shape \[1,4,4\] and columns 1/,
    ],
    [
      { optimizer: () => ({ apply() {} }) },
      (d) => d.optimizer("generator", []),
      /received one without slots, reset, sync, dispose/,
    ],
    [
      { augment: () => Promise.reject(new Error("late")) },
      (d) => d.augment(images, step, "real"),
      /received a Promise: hooks are not async/,
    ],
    [{ learningRate: () => "1" }, (d) => d.learningRate(1, "generator"), /at least 0.* "1"/],
    [{ gradients: () => ({ a: 1 }) }, (d) => d.gradients({}, step), /"a" to be a tensor.* 1/],
  ];
  for (const [hooks, ask, said] of cases) {
    const [name] = Object.keys(hooks);
    assert.throws(() => ask(driverOf({ mine: hooks as Hooks })), (error: unknown) => {
      assert.ok(error instanceof PluginError);
      assert.match(error.message, new RegExp(`"mine" failed in hook "${name}"`));
      assert.match(error.message, said);
      return true;
    });
  }
});

Deno.test("a hook that answers with a Promise is refused", () => {
  // past the type checker
  const asynchronous = { grow: () => Promise.resolve() } as unknown as Hooks;
  assert.throws(() => driverOf({ late: asynchronous }).grow(8), /received a Promise/);
});

Deno.test("inputs that change their names within a phase are refused", () => {
  let names = ["p"];
  const answer = () => Object.fromEntries(names.map((name) => [name, 1]));
  const driver = driverOf({ fickle: { inputs: answer } });
  driver.inputs();
  driver.inputs();
  names = ["p", "q"];
  assert.throws(
    () => driver.inputs(),
    /"fickle" failed in hook "inputs".* same inputs at each step .* received p, q after p\. Return/,
  );
});
