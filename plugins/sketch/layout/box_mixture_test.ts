import assert from "node:assert/strict";
import { Random, seedFor, tf } from "../../../core/mod.ts";
import { selectBackend } from "../../../core/backend/mod.ts";
import {
  boxCoordinates,
  boxMixture,
  boxOfPoint,
  COORDINATES,
  mixtureSize,
  negativeLogLikelihood,
  samplePoint,
} from "./box_mixture.ts";
import stored from "./testdata/box_mixture.json" with { type: "json" };

await selectBackend({ name: "cpu" });

const K = 3;

/** A mixture of K different Gaussians. */
function mixtureOf(output: readonly number[]) {
  return boxMixture(tf.tensor2d([...output], [1, mixtureSize(K)]), K);
}

const OUTPUT = Array.from({ length: mixtureSize(K) }, (_, i) => Math.sin(2.1 * i + 1));

Deno.test("−ln p and its gradient are NumPy's in float64, far out on the tails, too", () =>
  void tf.tidy(() => {
    const { outputs, points, nats, gradients } = stored;
    const count = points.length, shape: [number, number] = [count, mixtureSize(stored.components)];
    const raw = tf.tensor2d(outputs, shape), at = tf.tensor2d(points, [count, COORDINATES]);
    const nll = (x: tf.Tensor) =>
      negativeLogLikelihood(boxMixture(x as tf.Tensor2D, stored.components), at);
    const close = (received: ArrayLike<number>, expected: readonly number[]) =>
      expected.forEach((value, i) => {
        const error = Math.abs(received[i]! - value) / Math.max(1, Math.abs(value));
        assert.ok(error < 2e-5, `${i}: expected ${value}, received ${received[i]}`);
      });
    close(nll(raw).dataSync(), nats);
    close(tf.grad((x) => tf.sum(nll(x)))(raw).dataSync(), gradients.flat());
  }));

Deno.test("the density integrates to 1", () =>
  void tf.tidy(() => {
    // Importance sampling would hide a missing constant; a grid over the four coordinates does not.
    const mixture = mixtureOf(OUTPUT.map((value) => value / 2)), side = 16, reach = 6.5;
    const step = 2 * reach / side, axis = Array.from({ length: side }, (_, i) => (i + 0.5) * step);
    const points: number[] = [];
    for (const a of axis) {
      for (const b of axis) {
        for (const c of axis) for (const d of axis) points.push(a, b, c, d);
      }
    }
    const at = tf.sub<tf.Tensor2D>(tf.tensor2d(points, [side ** 4, COORDINATES]), reach);
    const density = tf.exp(tf.neg(negativeLogLikelihood(mixture, at)));
    const total = tf.sum(density).dataSync()[0]! * step ** COORDINATES;
    assert.ok(Math.abs(total - 1) < 5e-3, `${total}`);
  }));

Deno.test("samples have the mixture's moments and shares, at a temperature, too", () =>
  void tf.tidy(() => {
    const { logWeights, means, sigmas } = mixtureOf(OUTPUT);
    const host = {
      logWeights: logWeights.dataSync(),
      means: means.dataSync(),
      sigmas: sigmas.dataSync(),
    };
    const sharp = {
      ...host,
      means: [0, 0, 0, 0, 9, 9, 9, 9, 18, 18, 18, 18],
      sigmas: Array(12).fill(0.1),
    };
    assert.ok(Math.abs(Array.from(host.logWeights, Math.exp).reduce((a, b) => a + b) - 1) < 1e-6);
    for (const temperature of [1, 0.5]) {
      const powers = Array.from(host.logWeights, (x) => Math.exp(x) ** (1 / temperature));
      const weights = powers.map((power) => power / powers.reduce((a, b) => a + b));
      const count = 40_000, random = new Random(seedFor(1, "test"));
      const drawn = Array.from({ length: count }, () => samplePoint(host, random, temperature));
      for (let i = 0; i < COORDINATES; i++) {
        const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;
        const of = (values: ArrayLike<number>) =>
          weights.map((_, k) => values[k * COORDINATES + i]!);
        const mu = of(host.means), sigma = of(host.sigmas);
        const wanted = weights.reduce((sum, w, k) => sum + w * mu[k]!, 0);
        const second = weights.reduce(
          (sum, w, k) => sum + w * (mu[k]! ** 2 + temperature * sigma[k]! ** 2),
          0,
        );
        const values = drawn.map((point) => point[i]!), got = mean(values);
        const spread = mean(values.map((value) => (value - got) ** 2));
        const variance = second - wanted ** 2, error = Math.sqrt(variance / count);
        assert.ok(Math.abs(got - wanted) < 4 * error, `mean of ${i}: ${got}, not ${wanted}`);
        assert.ok(Math.abs(spread / variance - 1) < 0.05, `variance of ${i}: ${spread}`);
      }
      const shares = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        shares[Math.round(samplePoint(sharp, random, temperature)[0]! / 9)]!++;
      }
      shares.forEach((n, k) =>
        assert.ok(Math.abs(n / count - weights[k]!) < 0.012, `${n} of ${k}`)
      );
    }
  }));

Deno.test("a box is its point's, and stays in the drawing", () =>
  void tf.tidy(() => {
    const box = [0.3, 0.7, 0.2, 0.4], point = boxCoordinates(tf.tensor2d([box]));
    boxOfPoint([...point.dataSync()]).forEach((value, i) =>
      assert.ok(Math.abs(value - box[i]!) < 1e-6)
    );
    assert.deepEqual(boxOfPoint([-9, 9, -99, 99]), [0, 1, 1 / 64, 1]);
  }));
