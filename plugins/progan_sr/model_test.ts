import assert from "node:assert/strict";
import { tf } from "../../core/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { type ProganSrConfig, proganSrSchema } from "./config.ts";
import { createProganSr, type ProganSrModel } from "./model.ts";
import { enlarge } from "./pairs.ts";
import { pattern } from "../../core/features/testdata/pattern.ts";

await tf.setBackend("cpu");

function modelOf(values: Partial<ProganSrConfig> = {}): ProganSrModel {
  const tiny = { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 };
  const [config] = resolveConfig([proganSrSchema], [{
    from: "test",
    values: { ...tiny, ...values },
  }]);
  return createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
}
const image = (height: number, width: number, n = 1) =>
  tf.tensor4d(pattern(n * height * width * 3, 3, 1), [n, height, width, 3]);
const values = (fn: () => tf.Tensor) => [...tf.tidy(() => fn().dataSync())];
const paths = (model: ProganSrModel) =>
  [...model.generator.variables(), ...model.discriminator.variables()].map((v) => v.path);
function largestDifference(a: number[], b: number[]): number {
  assert.equal(a.length, b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
}

for (const scale of [2, 4]) {
  Deno.test(
    `growing keeps both functions at alpha 0, stabilizing those at alpha 1 (scale ` +
      `${scale})`,
    () => {
      const before = tf.memory().numTensors;
      const model = modelOf({ scale });
      const enlarged = (alpha: number) => values(() => model.enlarge(image(4, 4), alpha));
      const small = values(() => model.score(image(8, 8, 4), 1));
      const first = enlarged(1);
      model.grow(16);
      assert.deepEqual(enlarged(0), first);
      assert(
        largestDifference(enlarged(1), first) > 1e-3,
        "the new block does something at alpha 1",
      );
      const halved = (alpha: number) => values(() => model.score(image(16, 16, 4), alpha));
      const reference = values(() => {
        const halves = image(16, 16, 4).reshape([4, 8, 2, 8, 2, 3] as never).mean([
          2,
          4,
        ]) as tf.Tensor4D;
        const ungrown = modelOf({ scale });
        const scores = ungrown.score(halves, 1);
        ungrown.generator.remove();
        ungrown.discriminator.remove();
        return scores;
      });
      assert(largestDifference(halved(0), reference) < 1e-5);
      assert.notDeepEqual(small, halved(1));

      const [finalImage, finalScore] = [enlarged(1), halved(1)];
      model.stabilize();
      assert.deepEqual(enlarged(1), finalImage);
      assert.deepEqual(halved(1), finalScore);
      const old = paths(model).filter((path) => /8px\/(to_image|from_image|enlarge)/.test(path));
      assert.deepEqual(old, [], "what only the fade needed is gone");
      model.generator.remove();
      model.discriminator.remove();
      assert.equal(tf.memory().numTensors, before, "tensors are left");
    },
  );
}

Deno.test("enlarge() takes any size, and a pixel matters no farther than reach()", () => {
  const model = modelOf();
  model.grow(16);
  const reach = model.reach(), width = 2 * reach + 5, height = 3;
  assert.equal(reach, 1 + 2 * 2 + 1); // input layer, two blocks of two layers, one enlarging layer
  const difference = tf.tidy(() => {
    const low = image(height, width);
    const spot = tf.oneHot([reach + 2], width).reshape([1, 1, width, 1]) as tf.Tensor4D;
    const changed = tf.add<tf.Tensor4D>(low, spot);
    const y = tf.sub(model.enlarge(changed, 0.5), model.enlarge(low, 0.5));
    assert.deepEqual(y.shape, [1, 2 * height, 2 * width, 3]);
    return [...tf.max(tf.abs(y), [0, 1, 3]).dataSync()]; // one for each output column
  });
  difference.forEach((d, column) => {
    const distance = Math.abs(Math.floor(column / 2) - (reach + 2));
    if (distance > reach) assert.equal(d, 0, `column ${column} changed`);
  });
  assert(Math.max(...difference) > 0.1);
});

Deno.test("an image without detail is enlarged to nearly itself before any training", () => {
  const model = modelOf();
  const flat = () => tf.fill<tf.Rank.R4>([1, 8, 8, 3], 0.25);
  assert(largestDifference(values(() => enlarge(flat(), 2)), Array(768).fill(0.25)) < 1e-6);
  assert(largestDifference(values(() => model.enlarge(flat(), 1)), Array(768).fill(0.25)) < 0.5);
});

Deno.test(
  "reduce() by area takes the mean of each square; bicubic keeps a ramp away from " +
    "borders",
  () => {
    const area = modelOf({ reduction: "area" });
    const low = values(() =>
      area.reduce(tf.tensor4d(Array.from({ length: 48 }, (_, i) => i), [1, 4, 4, 3]))
    );
    assert.equal(low[0], (0 + 3 + 12 + 15) / 4); // channel 0 of the first 2×2 square
    const ramp = tf.tidy(() => tf.range(0, 16).reshape([1, 1, 16, 1]).mul(tf.ones([1, 16, 1, 3])));
    const columns = values(() =>
      modelOf().reduce(ramp as tf.Tensor4D).slice([0, 4, 0, 0], [1, 1, 8, 1])
    );
    columns.slice(2, 6).forEach((v, i) => assert(Math.abs(v - (2 * (i + 2) + 0.5)) < 1e-5));
    ramp.dispose();
  },
);

Deno.test("a scale that is no power of two and a start too small are refused", () => {
  assert.throws(() => modelOf({ scale: 3 }), /--scale.*2 or 4, received 3/);
  const [config] = resolveConfig([proganSrSchema], [{ from: "test", values: { scale: 4 } }]);
  assert.throws(
    () => createProganSr(config, { seed: 0, startResolution: 4, channels: 3 }),
    /start at 4 px.*--start-resolution/,
  );
});
