import assert from "node:assert/strict";
import { type Dataset, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { openedTestRun, testBatch, testInfo, testTraining } from "../test_run.ts";
import { tableOf } from "./command.ts";
import { measureParts } from "./measure_parts.ts";
import { trainPartClassifier } from "./part_classifier.ts";

const backend = await selectBackend({ name: "cpu" });

const dataset: Dataset = {
  info: testInfo(),
  open: ({ resolution }) => ({
    waitedMilliseconds: 0,
    next: () => Promise.resolve(testBatch(resolution)),
    close: () => {},
  }),
  close: () => {},
};

Deno.test("the classifier learns to tell the parts of two classes", async () => {
  const before = tf.memory().numTensors;
  const loader = dataset.open({ resolution: 8, batchSize: 4, cursor: 0, seed: 0 });
  const classifier = await trainPartClassifier(loader, {
    backend,
    resolution: 8,
    classes: 2,
    steps: 40,
    seed: 1,
  });
  const { part, labels } = testBatch(8, 7); // other grey than in training
  const parts = tf.tensor4d(part!.data as Float32Array, [4, 8, 8, 1]);
  assert.deepEqual([...classifier.classify(parts)], [...labels!.data]);
  classifier.dispose();
  parts.dispose();
  assert.equal(tf.memory().numTensors, before, "tensors were left behind");
});

Deno.test(
  "a generator that draws the wished part exactly gets the reals' own " +
    "figures",
  async () => {
    const training = testTraining(backend);
    const { part } = testBatch(4);
    let call = 0;
    const model = {
      ...training.model,
      // Latent 0 draws the real parts, latent 1 blank ones.
      drawParts: () =>
        call++ % 2 === 0
          ? tf.tensor4d(part!.data as Float32Array, [4, 4, 4, 1])
          : tf.fill([4, 4, 4, 1], -1) as tf.Tensor4D,
    };
    const run = { ...openedTestRun(training), model };
    const options = { pairs: 4, classifierSteps: 0, seed: 0 };
    const one = await measureParts(run, dataset, { ...options, latents: 1 });
    assert.equal(one.touchRate.drawn, one.touchRate.real);
    assert.equal(one.touchRate.real, 1); // neighbouring sides
    assert.ok(Math.abs(one.inkRatio - 1) < 1e-6);
    assert.deepEqual([one.blank, one.diversity, one.pairs], [0, 0, 4]);
    call = 0;
    const two = await measureParts(run, dataset, { ...options, latents: 2 });
    assert.equal(two.touchRate.drawn, 0.5);
    assert.equal(two.blank, 0.5);
    assert.ok(Math.abs(two.inkRatio - 0.5) < 1e-6);
    const data = part!.data as Float32Array;
    const distances = [0, 1, 2, 3].map((i) =>
      Math.sqrt(data.slice(i * 16, (i + 1) * 16).reduce((sum, x) => sum + (x + 1) ** 2, 0) / 16)
    );
    assert.ok(Math.abs(two.diversity - distances.reduce((a, b) => a + b) / 4) < 1e-5);
    training.dispose();
  },
);

Deno.test("the figures of drawn parts stand beside those of real ones", () => {
  const figures = {
    resolution: 64,
    pairs: 256,
    touchRate: { real: 0.75, drawn: 0.5 },
    blank: 0.125,
    inkRatio: 1.5,
    diversity: 0.25,
    realDiversity: 0.375,
  };
  const lines = tableOf({ ...figures, classifier: { real: 0.875, drawn: 0.0625 } });
  assert.deepEqual(lines.map((line) => line.split(/ {2,}/)), [
    ["256 pairs at 64 px", "drawn", "real"],
    ["parts that touch the sketch", "0.5000", "0.7500"],
    ["parts without ink", "0.1250", "0.0000"],
    ["mean ink, of real parts'", "1.5000", "1.0000"],
    ["mean distance of two parts", "0.2500", "0.3750"],
    ["classes told rightly", "0.0625", "0.8750"],
  ]);
  assert.equal(tableOf(figures).length, 5);
});
