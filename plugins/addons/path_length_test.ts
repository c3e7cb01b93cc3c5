import assert from "node:assert/strict";
import { randomNormal, seedFor, type StepContext, tf, withSeed } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import pathLength from "./path_length.ts";
import { testContext } from "./test_context.ts";

testPlugin(pathLength, { values: { resolution: 8, pathEvery: 2 } });

await tf.setBackend("cpu");

Deno.test(
  "the term is the squared distance of |Jᵀ y| from its mean, for a linear " +
    "generator",
  () => {
    tf.tidy(() => {
      const n = 3, features = 2, side = 4, size = side * side;
      const matrix = tf.linspace(-1, 2, features * size).reshape([features, size]) as tf.Tensor2D;
      const model = {
        styles: () => randomNormal([n, features]) as tf.Tensor2D,
        synthesize: (w: tf.Tensor2D) => tf.matMul(w, matrix).reshape([n, side, side, 1]),
      };
      const { context } = testContext(pathLength, { pathWeight: 3, pathEvery: 5 }, { model });
      const [term] = pathLength.hooks.losses!(context);
      assert.deepEqual([term!.of, term!.every], ["generator", 5]);
      const reported: Record<string, number> = {};
      const step = {
        size: n,
        resolution: side,
        inputs: { pathMean: tf.scalar(0.25) },
        report: (name: string, value: tf.Scalar) => void (reported[name] = value.dataSync()[0]!),
      } as unknown as StepContext; // all that the term reads
      const seed = seedFor(7, "path");
      const value = withSeed(seed, () => term!.value(step)).dataSync()[0]!;

      const lengths = withSeed(seed, () => {
        randomNormal([n, features]); // the styles
        const y = randomNormal([n, side, side, 1]).reshape([n, size]) as tf.Tensor2D;
        return [...tf.norm(tf.div(tf.matMul(y, matrix, false, true), side), 2, 1).dataSync()];
      });
      const mean = (all: number[]) => all.reduce((a, b) => a + b) / all.length;
      assert(Math.abs(reported["path/length"]! - mean(lengths)) < 1e-4);
      assert(Math.abs(value - 3 * mean(lengths.map((l) => (l - 0.25) ** 2))) < 1e-4);
    });
  },
);

Deno.test(
  "the mean length follows at a hundredth a measured step, and stays where none was " +
    "measured",
  () => {
    const { context, facts } = testContext(pathLength);
    pathLength.hooks.step!(context, { "path/length": 2 });
    pathLength.hooks.step!(context, {});
    assert.equal(facts.state.mean, 0.02);
    assert.deepEqual(pathLength.hooks.inputs!(context), { pathMean: 0.02 });
  },
);

Deno.test("a model without styles is refused with what to do", () => {
  const { context } = testContext(pathLength, {}, { model: {} });
  assert.throws(() => pathLength.hooks.losses!(context), /styles\(\) and synthesize\(\).*add both/);
});
