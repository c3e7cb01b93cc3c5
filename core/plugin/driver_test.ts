import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { ConfigError, object } from "../config/mod.ts";
import {
  createDriver,
  definePlugin,
  type Hooks,
  type Plugin,
  type PluginDriver,
  PluginError,
} from "./mod.ts";
import type { Context } from "./hooks.ts";
import type { StepContext } from "./step.ts";

/** A context with what the driver itself reads. */
function contextOf(warned: string[] = []): Context {
  const context: Pick<Context, "phase" | "imagesSeen" | "warn"> = {
    phase: {
      index: 0,
      resolution: 16,
      kind: "fade",
      start: 0,
      end: 1,
      batchSize: 1,
      learningRate: 1,
    },
    imagesSeen: 320,
    warn: (code, message) => void warned.push(`${code}: ${message}`),
  };
  return context as Context; // the hooks below read no more
}

function driverOf(hooks: Record<string, Hooks>, warned: string[] = []) {
  return createDriver(
    Object.entries(hooks).map(([name, hooks]) => ({
      plugin: definePlugin({
        name,
        description: "",
        kind: "add-on",
        config: object({}),
        hooks,
      }) as Plugin,
      context: contextOf(warned),
    })),
  );
}

const term = (name: string) => ({
  name,
  of: "generator" as const,
  value: (): tf.Scalar => tf.scalar(0),
});

Deno.test("the driver joins answers by the kind of the hook", () => {
  const order: string[] = [];
  const driver = driverOf({
    a: {
      grow: (_, r) => void order.push(`a${r}`),
      losses: () => [term("one")],
      inputs: () => ({ p: 1 }),
      advance: () => false,
      preview: () => ({ images: tf.zeros([1, 1, 1, 1]), columns: 7 }),
    },
    b: {
      grow: (_, r) => void order.push(`b${r}`),
      losses: () => [term("two")],
      inputs: () => ({ q: 2 }),
      advance: () => true,
      preview: () => ({ images: tf.zeros([1, 1, 1, 1]), columns: 8 }),
    },
  });
  driver.grow(32);
  assert.deepEqual(order, ["a32", "b32"]); // sequential
  assert.deepEqual(driver.losses().map((t) => t.name), ["one", "two"]); // concat
  assert.deepEqual(driver.inputs(), { p: 1, q: 2 }); // merge
  assert.equal(driver.advance(), true); // any
  const preview = driver.preview({ latents: null, batch: {}, count: 1, alpha: 1 });
  assert.equal(preview?.columns, 7); // first
});

Deno.test("chain hooks get the answer of the one before", () => {
  const driver = driverOf({
    double: { augment: (_, images) => tf.mul(images, 2) },
    increment: { augment: (_, images) => tf.add(images, 1) },
  });
  const batch = {} as Parameters<typeof driver.augment>[1]; // these hooks read nothing of it
  const out = driver.augment(tf.fill([1, 1, 1, 1], 5), batch, "real");
  assert.deepEqual([...out.dataSync()], [11]);
});

Deno.test("learningRate chains, and refuses what is no rate", () => {
  const driver = driverOf({
    half: { learningRate: (_, rate) => rate / 2 },
    generators: { learningRate: (_, rate, network) => network === "generator" ? rate / 5 : rate },
  });
  assert.equal(driver.learningRate(1, "generator"), 0.1);
  assert.equal(driver.learningRate(1, "discriminator"), 0.5);
  const broken = driverOf({ broken: { learningRate: () => NaN } });
  assert.throws(
    () => broken.learningRate(1, "generator"),
    /"broken" failed in hook "learningRate".*at least 0, received NaN/,
  );
});

Deno.test("an error names plugin, hook, resolution and images, and keeps its cause", () => {
  const cause = new RangeError("no such block");
  const driver = driverOf({
    broken: {
      grow() {
        throw cause;
      },
    },
  });
  assert.throws(() => driver.grow(32), (error: unknown) => {
    assert.ok(error instanceof PluginError);
    assert.equal(
      error.message,
      'Plugin "broken" failed in hook "grow" at 16 px, 320 images seen: no such block',
    );
    assert.equal(error.cause, cause);
    return true;
  });
});

Deno.test("an error in a loss term names its plugin too", () => {
  const value = (): tf.Scalar => {
    throw new Error("bad shape");
  };
  const driver = driverOf({ mine: { losses: () => [{ ...term("t"), value }] } });
  const [first] = driver.losses();
  assert.throws(() => first!.value({} as never), /"mine" failed in hook "losses".*bad shape/);
});

Deno.test("an observing hook that throws is muted and told once; the others go on", () => {
  const warned: string[] = [];
  let calls = 0, others = 0;
  const driver = driverOf({
    broken: {
      step() {
        calls++;
        throw new Error("oops");
      },
    },
    fine: { step: () => void others++ },
  }, warned);
  driver.step({});
  driver.step({});
  assert.deepEqual([calls, others, warned.length], [1, 2, 1]);
  assert.match(warned[0]!, /plugin-muted-broken-step: .*"broken".*oops.*the run goes on/);
});

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

Deno.test("a ConfigError of build is passed on as it is, and other faults name the plugin", () => {
  const buildWith = (cause: Error) => () => {
    const maker = {
      name: "mine",
      hooks: {},
      build: () => {
        throw cause;
      },
    } as unknown as Plugin;
    createDriver([{ plugin: maker, context: contextOf() }]).build();
  };
  const wrong = new ConfigError("Cannot use --scale: expected 2 or 4, received 3");
  assert.throws(buildWith(wrong), (error) => error === wrong);
  assert.throws(buildWith(new RangeError("no")), /"mine" failed in hook "build" at 16 px.*: no$/);
});

Deno.test("weights whose gradients a hook leaves out are told, by network and resolution", () => {
  const warned: string[] = [];
  const driver = driverOf({
    freezing: { gradients: (_, { kept }) => ({ kept: kept! }) },
    after: { gradients: (_, gradients) => gradients }, // it leaves out none
  }, warned);
  const step = { network: "discriminator" } as StepContext; // the driver reads no more
  const given = Object.fromEntries(["a", "b", "c", "d", "kept"].map((k) => [k, tf.scalar(1)]));
  assert.deepEqual(Object.keys(driver.gradients(given, step)), ["kept"]);
  assert.deepEqual(warned, [
    'frozen-discriminator-16: Plugin "freezing" leaves out the gradients of 4 of the ' +
    "discriminator's 5 weights at 16 px (a, b, c, …): these weights stay as they are.",
  ]);
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
    /"fickle" failed in hook "inputs".* same inputs at each step .* received p, q after p\. Answer/,
  );
});
