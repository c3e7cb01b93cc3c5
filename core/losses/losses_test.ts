import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { leakyRelu } from "../ops/mod.ts";
import { checkCase, readCases, useTestBackend } from "../ops/testdata/check.ts";
import * as losses from "./mod.ts";

await useTestBackend();
const cases = readCases(new URL("./testdata/losses.json", import.meta.url));

/** The critic of make.py. */
function critic(weight: tf.Tensor4D, dense: tf.Tensor2D): losses.Critic {
  return (x) => {
    const y = leakyRelu(tf.conv2d(x, weight, 1, "same"));
    return tf.tanh(tf.matMul(tf.reshape(y, [x.shape[0], -1]), dense));
  };
}

type Penalty = (c: losses.Critic, real: tf.Tensor4D) => tf.Scalar;
const onReals = (penalty: Penalty) => (real: tf.Tensor4D, w: tf.Tensor4D, d: tf.Tensor2D) =>
  penalty(critic(w, d), real);
const gp = (options: { lambda?: number; target?: number }) =>
(
  real: tf.Tensor4D,
  fake: tf.Tensor4D,
  mix: tf.Tensor,
  w: tf.Tensor4D,
  d: tf.Tensor2D,
) => losses.wganGp(critic(w, d), { real, fake, mix, ...options });

const functions: Record<string, (...inputs: never[]) => tf.Tensor> = {
  l1: losses.l1,
  drift: (real: tf.Tensor) => losses.drift(real),
  wganGp: gp({}),
  "wganGp of target 750": gp({ lambda: 5, target: 750 }),
  dragan: onReals((c, real) => losses.dragan(c, real)),
  r1: onReals((c, real) => losses.r1(c, real, 6)),
  r2: onReals((c, real) => losses.r2(c, real)),
  r1_r2: (real: tf.Tensor4D, fake: tf.Tensor4D, w: tf.Tensor4D, d: tf.Tensor2D) =>
    losses.penaltyByName("r1_r2")!.apply({
      size: 3,
      critic: critic(w, d),
      real: () => real,
      fake: () => fake,
    }, 6),
};
for (const loss of losses.adversarialLosses.filter((l) => l.name !== "wgan_clipped")) {
  functions[`${loss.name} discriminator`] = (real: tf.Tensor, fake: tf.Tensor) =>
    loss.discriminator(real, fake);
  functions[`${loss.name} generator`] = (fake: tf.Tensor, real?: tf.Tensor) =>
    loss.generator(fake, real);
  if (!loss.hasTargets) continue;
  functions[`${loss.name} discriminator with targets`] = (real: tf.Tensor, fake: tf.Tensor) =>
    loss.discriminator(real, fake, {
      realTarget: 0.875,
      flip: tf.tensor2d([0, 1, 0, 0, 1], [5, 1]),
    });
}

for (const [name, reference] of Object.entries(cases)) {
  Deno.test(`${name} has PyTorch's value and gradients`, () => {
    const fn = functions[name];
    assert(fn, `no function for case "${name}"`);
    checkCase(name, reference, fn);
  });
}

Deno.test("each loss under test has a case", () => {
  assert.deepEqual(Object.keys(functions).sort(), Object.keys(cases).sort());
});

Deno.test("lossByName() knows all names, and lists them where it does not", () => {
  assert.deepEqual(losses.LOSS_NAMES.map((n) => losses.lossByName(n).name), [...losses.LOSS_NAMES]);
  assert.equal(losses.adversarialLosses.length, losses.LOSS_NAMES.length);
  assert.throws(() => losses.lossByName("wgam"), {
    name: "RangeError",
    message: /expected one of wgan, .*non_saturating, received "wgam"/,
  });
});

Deno.test("only clipped WGAN clips weights", () => {
  assert.deepEqual(
    losses.adversarialLosses.filter((l) => l.weightClip !== undefined).map((l) => l.weightClip),
    [0.01],
  );
});

Deno.test("losses without labels refuse targets", () => {
  const logits = tf.zeros([2, 1]);
  for (const loss of losses.adversarialLosses.filter((l) => !l.hasTargets)) {
    assert.throws(() => loss.discriminator(logits, logits, { realTarget: 0.9 }), {
      name: "RangeError",
      message: /expected no targets.*received realTarget/,
    });
  }
  logits.dispose();
});

Deno.test("r1() and r2() weigh by γ/2 with γ = 10 where none is given", () => {
  tf.tidy(() => {
    const images = tf.ones<tf.Rank.R4>([2, 3, 3, 1]); // ∇ is 2 in each of 9 pixels: ‖∇‖² = 36
    for (const penalty of [losses.r1, losses.r2]) {
      const value = penalty((x) => tf.mul(2, tf.sum(x, [1, 2])), images).dataSync()[0]!;
      assert(Math.abs(value - 5 * 36) < 1e-3, `${value}`);
    }
  });
});

Deno.test("wganGp() is finite where the critic is flat", () => {
  tf.tidy(() => {
    const real = tf.ones<tf.Rank.R4>([2, 2, 2, 1]), mix = tf.fill([2, 1, 1, 1], 0.5);
    const weight = tf.scalar(0);
    const value = (w: tf.Tensor) =>
      losses.wganGp((x) => tf.mul(tf.sum(x, [1, 2, 3]), w), { real, fake: real, mix });
    // ‖∇D‖ = √(4w² + 1e-12): at w = 0 the penalty is 10 (1e-6 − 1)², and its slope 0.
    assert(Math.abs(value(weight).dataSync()[0]! - 10) < 1e-3);
    assert.equal(tf.grad(value)(weight).dataSync()[0], 0);
  });
});
