import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { resolveConfig, type RunConfig, runSchema } from "../config/mod.ts";
import type { ImageOrigin, StepContext } from "../plugin/step.ts";
import { withSeed } from "../random.ts";
import { adversarialTerms } from "./adversarial_terms.ts";

await tf.setBackend("cpu");

Deno.test(
  "adversarialTerms() augments real and generated images once a step, and says which " +
    "they are",
  () => {
    const [run] = resolveConfig([runSchema], [{ from: "the test", values: { penaltyEvery: 1 } }]);
    const augmented: [ImageOrigin, number][] = [];
    const scored: number[] = [];
    const first = (images: tf.Tensor) => images.dataSync()[0]!;
    const terms = adversarialTerms({
      run: run as RunConfig,
      phase: { start: 0 },
      span: { start: 0, end: 100 },
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
    const step = {
      shared: (key: string, make: () => unknown) =>
        memo.has(key) ? memo.get(key) : memo.set(key, make()).get(key),
      report() {},
    } as unknown as StepContext; // what the terms read
    tf.tidy(() => terms.forEach((term) => term.value(step)));
    assert.deepEqual(augmented, [["real", 1], ["generated", 2]]);
    assert.deepEqual(scored, [10, 20, 10]); // and once more for R1
  },
);

/** The discriminator's loss at constant logits: 2 for reals, −1 for fakes. */
function discriminatorLoss(values: Record<string, unknown>, imagesSeen: number): number {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
  const [discriminator] = adversarialTerms({
    run: run as RunConfig,
    phase: { start: 1000 },
    span: { start: 900, end: 1100 },
    augment: (images) => images,
  }, {
    real: () => tf.fill([4, 2, 2, 1], 2),
    fake: () => tf.fill([4, 2, 2, 1], -1),
    score: (images) => tf.mean(images, [1, 2]),
  });
  const step = {
    size: 4,
    imagesSeen: tf.scalar(imagesSeen),
    shared: (_key: string, make: () => unknown) => make(),
    report() {},
  } as unknown as StepContext; // what the term reads
  return tf.tidy(() => discriminator!.value(step).dataSync()[0]!);
}

Deno.test("labels are smoothed from the start of each phase, less and less", () => {
  const softplus = (x: number) => Math.log1p(Math.exp(x));
  // Cross-entropy with target t: t · softplus(−x) + (1 − t) · softplus(x); fakes have target 0.
  const expected = (t: number) => t * softplus(-2) + (1 - t) * softplus(2) + softplus(-1);
  for (const [imagesSeen, smoothing] of [[1000, 0.2], [1050, 0.1], [1100, 0], [5000, 0]] as const) {
    const loss = discriminatorLoss({ labelSmoothing: 0.2, stabilizerImages: 100 }, imagesSeen);
    assert.ok(Math.abs(loss - expected(1 - smoothing)) < 1e-5, `${loss} at ${imagesSeen}`);
  }
});

Deno.test(
  "without a length of their own, stabilizers decay over both halves of a " +
    "resolution",
  () => {
    const softplus = (x: number) => Math.log1p(Math.exp(x));
    const expected = (t: number) => t * softplus(-2) + (1 - t) * softplus(2) + softplus(-1);
    for (const [imagesSeen, smoothing] of [[900, 0.2], [1000, 0.1], [1100, 0]] as const) {
      const loss = discriminatorLoss({ labelSmoothing: 0.2 }, imagesSeen);
      assert.ok(Math.abs(loss - expected(1 - smoothing)) < 1e-5, `${loss} at ${imagesSeen}`);
    }
  },
);

Deno.test("noise is added to both kinds of images, or to the reals alone", () => {
  for (const [noiseOn, disturbed] of [["both", [true, true]], ["reals", [true, false]]] as const) {
    const values = { instanceNoise: 1, noiseOn, penalty: "none" };
    const [run] = resolveConfig([runSchema], [{ from: "the test", values }]);
    const seen: boolean[] = [];
    const [discriminator] = adversarialTerms({
      run: run as RunConfig,
      phase: { start: 0 },
      span: { start: 0, end: 100 },
      augment: (images) => images,
    }, {
      real: () => tf.ones([1, 2, 2, 1]),
      fake: () => tf.ones([1, 2, 2, 1]),
      score(images) {
        seen.push(tf.max(tf.abs(tf.sub(images, 1))).dataSync()[0]! > 0);
        return tf.mean(images, [1, 2]);
      },
    });
    const step = {
      size: 1,
      imagesSeen: tf.scalar(0),
      shared: (_key: string, make: () => unknown) => make(),
      report() {},
    } as unknown as StepContext; // what the term reads
    withSeed([1, 2], () => tf.tidy(() => discriminator!.value(step)));
    assert.deepEqual(seen, disturbed, noiseOn);
  }
});

Deno.test("a loss that compares no labels refuses to smooth or flip them", () => {
  for (const loss of ["wgan", "wgan_clipped", "hinge"]) {
    assert.throws(
      () => discriminatorLoss({ loss, labelFlips: 0.1 }, 1000),
      new RegExp(`the ${loss} loss and --label-flips: expected a loss that compares labels`),
    );
  }
});
