import assert from "node:assert/strict";
import { Random, seedFor, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import { testTraining } from "../test_run.ts";
import { blankSketch } from "./complete_sketch.ts";
import { cleanInk, drawNext } from "./draw_next.ts";

const backend = await selectBackend({ name: "cpu" });

Deno.test(
  "cleanInk() makes paper of less than a quarter of ink and ink of more than three " +
    "quarters",
  () =>
    void tf.tidy(() => {
      const inks = [-0.1, 0, 0.25, 0.5, 0.625, 0.75, 1, 1.1].map((ink) => 2 * ink - 1);
      const cleaned = cleanInk(tf.tensor4d(inks, [1, 1, inks.length, 1])).dataSync();
      assert.deepEqual([...cleaned], [-1, -1, -1, 0, 0.5, 1, 1, 1]);
    }),
);

Deno.test("where sketches begin on blank paper, classes and ends are drawn by lot", () => {
  const training = testTraining(backend, { blank: "yes" }, ["a", "b", "c"]);
  const { model } = training, shares = [0.6, 0.3, 0.1];
  const fixed = {
    ...model,
    nextPart: () => tf.log(tf.tensor2d(Array(400).fill(shares).flat(), [400, 3])) as tf.Tensor2D,
    endsWith: () => tf.fill([400, 1], Math.log(1 / 3)) as tf.Tensor2D, // a quarter
  };
  const blank = blankSketch(model, 4);
  const parts = drawNext(fixed, Array(400).fill(blank), {
    resolution: 4,
    alpha: 1,
    seed: seedFor(0, "test"),
    randoms: Array.from({ length: 400 }, (_, i) => new Random(seedFor(i, "test"))),
    drawn: Array.from({ length: 400 }, (_, i) => new Set(i < 200 ? [] : [0])),
  });
  const share = (from: number, of: (part: typeof parts[number]) => boolean) =>
    parts.slice(from, from + 200).filter(of).length / 200;
  const near = (received: number, expected: number) =>
    assert.ok(Math.abs(received - expected) < 0.12, `${received}, not ${expected}`); // 3.5 sigma
  shares.forEach((wanted, label) => near(share(0, (part) => part.label === label), wanted));
  assert.equal(share(200, ({ label }) => label === 0), 0); // it has already been drawn
  near(share(200, ({ label }) => label === 1), 0.75);
  near(share(0, ({ ends }) => ends), 0.25);
  training.dispose();
});

Deno.test("a run that completes sketches alone takes the likeliest class and tells no end", () => {
  const training = testTraining(backend);
  const logits = tf.tensor2d([[0, 0.1], [0.1, 0]]);
  const parts = drawNext(
    { ...training.model, nextPart: () => tf.clone(logits) },
    [1, 2].map(() => ({ raster: new Float32Array(16).fill(-1), lines: [] })),
    {
      resolution: 4,
      alpha: 1,
      seed: seedFor(0, "test"),
      randoms: [0, 1].map((i) => new Random(seedFor(i, "test"))),
    },
  );
  assert.deepEqual(parts.map(({ label, ends }) => [label, ends]), [[1, false], [0, false]]);
  logits.dispose();
  training.dispose();
});
