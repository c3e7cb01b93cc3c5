import assert from "node:assert/strict";
import { tf, upsampleNearest } from "../../core/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { pattern } from "../../core/features/testdata/pattern.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { type ProganSrConfig, proganSrSchema } from "./config.ts";
import { createProganSr } from "./model.ts";
import plugin from "./mod.ts";
import { enlarge } from "./pairs.ts";

const values = {
  generator: "shuffle",
  channels: 4,
  adversarialWeight: 0,
  perceptual: "none",
  pixelWeight: 1,
  reduction: "imresize",
} as const;

// A run without a critic on degraded pictures: growing, resuming, and everything else that holds
// for every plugin.
testPlugin(plugin, {
  values: { startResolution: 16, resolution: 32, ...values, degrade: "web" },
  draw(model, { alpha, resolution }) {
    const low = tf.tensor4d(pattern(2 * 8 * 8 * 3, 3, 1), [2, 8, 8, 3]);
    return upsampleNearest(model.enlarge(low, alpha), resolution / 16);
  },
});

await tf.setBackend("cpu");

function modelOf(changed: Partial<ProganSrConfig> = {}) {
  const [config] = resolveConfig([proganSrSchema], [{ from: "test", values }, {
    from: "test",
    values: changed,
  }]);
  return createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
}
const image = (height: number, width: number) =>
  tf.tensor4d(pattern(height * width * 3, 3, 1), [1, height, width, 3]);
const read = (fn: () => tf.Tensor) => [...tf.tidy(() => fn().dataSync())];
/** Fills even weights that are initialized to zero, as training would. */
function fill(model: ReturnType<typeof modelOf>): void {
  for (const { variable, path } of model.generator.variables()) {
    tf.tidy(() => {
      const some = pattern(variable.size, path.length, 0.3);
      variable.assign(tf.tensor(some, variable.shape));
    });
  }
}

for (const scale of [2, 4]) {
  Deno.test(`a new shuffle generator is bicubic, whatever it has grown to (scale ${scale})`, () => {
    const before = tf.memory().numTensors;
    const model = modelOf({ scale });
    model.grow(16);
    const bicubic = read(() => enlarge(image(5, 4), scale));
    assert.deepEqual(read(() => model.enlarge(image(5, 4), 1)), bicubic);
    model.generator.remove();
    assert.equal(tf.memory().numTensors, before, "tensors are left");
  });
}

Deno.test("a shuffle generator's new blocks come in with alpha", () => {
  const model = modelOf();
  fill(model);
  const first = read(() => model.enlarge(image(5, 4), 1));
  model.grow(16);
  assert.deepEqual(read(() => model.enlarge(image(5, 4), 0)), first);
  fill(model);
  const half = read(() => model.enlarge(image(5, 4), 0.5));
  const whole = read(() => model.enlarge(image(5, 4), 1));
  assert.notDeepEqual(half, whole);
  model.stabilize();
  assert.deepEqual(read(() => model.enlarge(image(5, 4), 1)), whole);
});

Deno.test("what is shuffled lies where its channel says: rows, then columns, then colours", () => {
  const model = modelOf();
  fill(model);
  const parts = new Map(model.generator.variables().map((v) => [v.path, v.variable]));
  for (const [path, variable] of parts) {
    if (path.startsWith("generator/tail/weight")) variable.assign(tf.zerosLike(variable));
  }
  parts.get("generator/tail/bias")!.assign(tf.range(0, 12));
  const residual = tf.tidy(() => {
    const low = tf.zeros<tf.Rank.R4>([1, 1, 2, 3]);
    return model.enlarge(low, 1).arraySync()[0]!; // a single image
  });
  const square = [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]];
  assert.deepEqual(residual, square.map((row) => [...row, ...row]));
});

Deno.test("a pixel matters no farther than a shuffle generator's reach()", () => {
  const model = modelOf({ blocks: 1 });
  model.grow(16);
  fill(model);
  const reach = model.reach(), width = 2 * reach + 5, height = 3;
  assert.equal(reach, 1 + 2 * 2 + 1); // head, two blocks of two, tail
  const difference = tf.tidy(() => {
    const low = image(height, width);
    const spot = tf.oneHot([reach + 2], width).reshape([1, 1, width, 1]) as tf.Tensor4D;
    const y = tf.sub(model.enlarge(tf.add(low, spot), 0.5), model.enlarge(low, 0.5));
    return [...tf.max(tf.abs(y), [0, 1, 3]).dataSync()]; // one for each output column
  });
  const changed = difference.flatMap((d, column) => d === 0 ? [] : [Math.floor(column / 2)]);
  assert.deepEqual([Math.min(...changed), Math.max(...changed)], [2, 2 * reach + 2]);
});

Deno.test("a critic is there where it counts, and scores are refused where there is none", () => {
  assert.throws(() => modelOf().score(image(8, 8), 1), /expected a critic.*--adversarial-weight/);
  assert.equal(modelOf().discriminator.variables().length, 0);
  const judged = modelOf({ adversarialWeight: 0.1, criticMin: 4, criticMax: 4 });
  assert.deepEqual(tf.tidy(() => judged.score(image(8, 8), 1).shape), [1, 1]);
});

Deno.test("reduce() by imresize gives what an 8-bit file holds", () => {
  const low = read(() => modelOf().reduce(image(8, 8)));
  for (const v of low) {
    const byte = (v + 1) * 127.5;
    assert.ok(Math.abs(byte - Math.round(byte)) < 1e-4 && byte > -1e-4 && byte < 255.0001);
  }
});
