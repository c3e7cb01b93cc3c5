/** Checks the terms' values for various run options, with critics whose gradients are known. */
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { resolveConfig, type RunConfig, runSchema } from "../config/mod.ts";
import type { StepContext } from "../plugin/step.ts";
import { randomUniform, seedFor, withSeed } from "../random.ts";
import { adversarialTerms, type Adversaries, fadeReals } from "./adversarial_terms.ts";

await tf.setBackend("cpu");

const SIDE = 16, seed = seedFor(3, "terms");
const softplus = (x: number) => Math.log1p(Math.exp(x));
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const near = (a: number, b: number, within = 1e-5) =>
  assert.ok(Math.abs(a - b) <= within * Math.max(1, Math.abs(b)), `${a}, not ${b}`);

/** Images with a constant value each. */
const imagesOf = (values: readonly number[]): tf.Tensor4D =>
  tf.mul(tf.tensor4d([...values], [values.length, 1, 1, 1]), tf.ones([1, SIDE, SIDE, 1]));

/** The value of each term, and what it reports. */
function valuesOf(
  options: Record<string, unknown>,
  { real, fake, imagesSeen = 0, score = (images) => tf.mean(images, [1, 2]) }: {
    real: readonly number[];
    fake: readonly number[];
    imagesSeen?: number;
    score?: Adversaries["score"];
  },
): { values: Record<string, number>; reported: Record<string, number> } {
  const [run] = resolveConfig([runSchema], [{ from: "the test", values: options }]);
  const reported: Record<string, number> = {}, memo = new Map<string, unknown>();
  const step = {
    size: real.length,
    resolution: SIDE,
    imagesSeen: tf.scalar(imagesSeen),
    shared: (key: string, make: () => unknown) =>
      memo.has(key) ? memo.get(key) : memo.set(key, make()).get(key),
    report: (name: string, value: tf.Tensor) => void (reported[name] = value.dataSync()[0]!),
  } as unknown as StepContext; // what the terms read
  const terms = adversarialTerms({
    run: run as RunConfig,
    phase: { start: 100 },
    span: { start: 100, end: 200 },
    augment: (images) => images,
  }, { real: () => imagesOf(real), fake: () => imagesOf(fake), score });
  const values = withSeed(
    seed,
    () => tf.tidy(() => terms.map(({ name, value }) => [name, value(step).dataSync()[0]!])),
  );
  return { values: Object.fromEntries(values), reported };
}

const real = [2, -1, 3, 1], fake = [-1, 0, 1, 2];

Deno.test("mean scores and the mean sign of the reals' are reported", () => {
  const { reported } = valuesOf({ penalty: "none" }, { real, fake });
  near(reported["score/real"]!, mean(real));
  near(reported["score/fake"]!, mean(fake));
  near(reported["score/real_sign"]!, (3 - 1) / 4);
});

Deno.test("drift is the mean square of the reals' scores by its weight", () => {
  const { values } = valuesOf({ penalty: "none", drift: 0.5 }, { real, fake });
  near(values.drift!, 0.5 * mean(real.map((x) => x * x)));
});

Deno.test("a label is flipped where its draw is below a chance that falls to 0", () => {
  const many = Array.from({ length: 64 }, (_, i) => i / 16 - 2);
  const draws = tf.tidy(() => withSeed(seed, () => [...randomUniform([64, 1]).dataSync()]));
  for (const [imagesSeen, chance] of [[100, 0.5], [150, 0.25], [200, 0]] as const) {
    const options = { penalty: "none", labelFlips: 0.5 };
    const { values } = valuesOf(options, { real: many, fake: many, imagesSeen });
    const ofReals = many.map((x, i) => softplus(draws[i]! < chance ? x : -x));
    near(values.adversarial_d!, mean(ofReals) + mean(many.map(softplus)));
  }
});

Deno.test("instance noise has half of its deviation in the middle, and none at the end", () => {
  const deviation = (imagesSeen: number) => {
    let found = NaN;
    valuesOf({ penalty: "none", instanceNoise: 0.8, noiseOn: "reals" }, {
      real: [0, 0, 0, 0],
      fake,
      imagesSeen,
      score(images) {
        if (Number.isNaN(found)) found = tf.sqrt(tf.mean(tf.square(images))).dataSync()[0]!;
        return tf.mean(images, [1, 2]);
      },
    });
    return found;
  };
  // 1,024 draws: the standard error of the deviation is 1/√2048, about 2.2 %.
  near(deviation(150) / 0.4, 1, 0.1);
  assert.equal(deviation(200), 0);
});

Deno.test("the relativistic generator is scored against the reals", () => {
  const { values } = valuesOf({ loss: "relativistic", penalty: "none" }, { real, fake });
  near(values.adversarial_g!, mean(real.map((x, i) => softplus(x - fake[i]!))));
});

/**
 * Half the sum of squares of all pixels, whose gradient with respect to the images is the images.
 */
const halfSquares: Adversaries["score"] = (images) =>
  tf.mul(tf.sum(tf.square(images), [1, 2]), 0.5);

Deno.test("penalties are taken at their own images, by their own weights", () => {
  const penaltyOf = (penalty: string, weights: Record<string, number>) =>
    valuesOf({ penalty, ...weights }, { real, fake, score: halfSquares }).values[penalty]!;
  const norms = (values: readonly number[]) => values.map((v) => Math.abs(v) * SIDE);
  const squares = (values: readonly number[]) => mean(norms(values).map((norm) => norm ** 2));
  near(penaltyOf("r1", { gamma: 3 }), 1.5 * squares(real));
  near(penaltyOf("r2", { gamma: 3 }), 1.5 * squares(fake));
  near(penaltyOf("r1_r2", { gamma: 3 }), 1.5 * (squares(real) + squares(fake)));
  near(penaltyOf("dragan", { lambda: 3 }), 3 * mean(norms(real).map((norm) => (norm - 1) ** 2)));
});

Deno.test("WGAN-GP draws a place between each pair, by how much of the real there is", () => {
  // Terms make no other random draws.
  const mix = tf.tidy(() => withSeed(seed, () => [...randomUniform([4, 1, 1, 1]).dataSync()]));
  assert.equal(new Set(mix).size, 4);
  const between = mix.map((m, i) => m * real[i]! + (1 - m) * fake[i]!);
  const options = { loss: "wgan", penalty: "wgan_gp", lambda: 3 };
  const { values } = valuesOf(options, { real, fake, score: halfSquares });
  near(values.wgan_gp!, 3 * mean(between.map((x) => (Math.abs(x) * SIDE - 1) ** 2)));
});

Deno.test("fadeReals() goes from the reduced image, enlarged again, to the image", () => {
  tf.tidy(() => {
    const image = [1, 2, 3, 6], faded = fadeReals(tf.tensor4d(image, [1, 2, 2, 1]), 0.25);
    assert.deepEqual([...faded.dataSync()], image.map((v) => 0.75 * 3 + 0.25 * v));
  });
});
