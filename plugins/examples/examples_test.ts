import assert from "node:assert/strict";
import { testPlugin } from "../../core/testing/mod.ts";
import { type DatasetInfo, type RunConfig, tf } from "../../core/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import conditionalProgan from "./conditional_progan.ts";
import dcgan from "./dcgan.ts";

testPlugin(dcgan, {
  values: { startResolution: 16, resolution: 16, latentSize: 3, width: 2, stabilizeImages: 24 },
});
testPlugin(conditionalProgan, {
  values: { latentSize: 3, width: 3 },
  dataset: { labels: ["animals", "food"] },
});

const context = (values: Partial<RunConfig>, labels: string[]) => {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const dataset = { labels, channels: 3 } as unknown as DatasetInfo; // all that build() reads
  return { run, dataset, config: { latentSize: 3, width: 2 } } as never;
};

Deno.test("a DCGAN says that it has one resolution", () => {
  assert.throws(
    () => dcgan.build!(context({ startResolution: 4, resolution: 16 }, [])),
    /expected one resolution of at least 16 px, received 4 to 16 px\. Set --start-resolution/,
  );
});

Deno.test(
  "a conditional ProGAN needs two folders, and draws another image for another " +
    "class",
  () => {
    assert.throws(
      () => conditionalProgan.build!(context({}, ["food"])),
      /two or more folders, received 1 labels/,
    );
    const model = conditionalProgan.build!(context({}, ["animals", "food"]));
    const [a, b] = [0, 1].map((label) =>
      tf.tidy(() => {
        const z = tf.ones([2, 3]) as tf.Tensor2D,
          labels = tf.fill([2], label, "int32") as tf.Tensor1D;
        return model.generate!(z, { alpha: 1, truncation: 1, labels }).dataSync();
      })
    ) as [Float32Array, Float32Array];
    assert(a.some((value, i) => Math.abs(value - b[i]!) > 1e-2));
    assert.throws(
      () => model.generate!(tf.ones([1, 3]), { alpha: 1, truncation: 1 }),
      /expected a label for each image/,
    );
    model.generator.remove();
    model.discriminator.remove();
  },
);

Deno.test("the critic's dense layer before its leaky ReLU has a gain of √2, the score of 1", () => {
  const model = conditionalProgan.build!(context({}, ["animals", "food"])), width = 2, start = 4;
  const set: Record<string, number> = { // features of 1 everywhere, and weights that only sum
    "last/bias": 1,
    "summary/weight": 1,
    "score/weight": 1,
  };
  for (const { path, variable } of model.discriminator.variables()) {
    const name = path.replace(/^discriminator\//, "");
    if (!/^(last|summary|score|projection)\//.test(name)) continue;
    variable.assign(tf.fill(variable.shape, set[name] ?? 0));
  }
  const [score] = tf.tidy(() =>
    model.score(tf.zeros([1, start, start, 3]), tf.tensor1d([0], "int32"), 1).dataSync()
  );
  // √2 / √in · in, then 1 / √width · width (He et al. 2015, equation 10)
  const expected = Math.sqrt(2) * Math.sqrt(width * start ** 2) * Math.sqrt(width);
  assert(Math.abs(score! - expected) < 1e-4, `${score}, not ${expected}`);
  model.generator.remove();
  model.discriminator.remove();
});
