import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { resolveConfig, type RunConfig, runSchema } from "../config/mod.ts";
import type { ImageOrigin, StepBatch } from "../plugin/types.ts";
import { adversarialTerms } from "./adversarial_terms.ts";

await tf.setBackend("cpu");

Deno.test("adversarialTerms() augments real and generated images once a step, and says which they are", () => {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values: { penaltyEvery: 1 } }]);
  const augmented: [ImageOrigin, number][] = [];
  const scored: number[] = [];
  const first = (images: tf.Tensor) => images.dataSync()[0]!;
  const terms = adversarialTerms({
    run: run as RunConfig,
    phase: { start: 0 },
    augment(images, _batch, origin) {
      augmented.push([origin, first(images)]);
      return tf.mul(images, 10);
    },
  }, {
    real: () => tf.fill([1, 2, 2, 1], 1),
    fake: () => tf.fill([1, 2, 2, 1], 2),
    score(images) {
      scored.push(first(images));
      return tf.mean(images, [1, 2]);
    },
  });
  const memo = new Map<string, unknown>();
  const batch = {
    shared: (key: string, make: () => unknown) =>
      memo.has(key) ? memo.get(key) : memo.set(key, make()).get(key),
    report() {},
  } as unknown as StepBatch; // what the terms read
  tf.tidy(() => terms.forEach((term) => term.value(batch)));
  assert.deepEqual(augmented, [["real", 1], ["generated", 2]]);
  assert.deepEqual(scored, [10, 20, 10]); // and once more for R1
});
