import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { ConfigError } from "../config/mod.ts";
import { createDriver, type Plugin, PluginError } from "./mod.ts";
import type { StepContext } from "./step.ts";
import { contextOf, driverOf, term } from "./test_driver.ts";

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
