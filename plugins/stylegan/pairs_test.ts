import assert from "node:assert/strict";
import {
  createParameters,
  Random,
  seedFor,
  type StepContext,
  tf,
  withSeed,
} from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { resolveConfig } from "../../core/config/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { styleganSchema } from "./config.ts";
import plugin from "./mod.ts";
import { pairTerm, reducedReals } from "./pairs.ts";
import { createSkipSynthesis } from "./skip_synthesis.ts";
import { difference, latents, modelOf, randomize, scored, tidied, TINY } from "./test_model.ts";

const values = { architecture: "stylegan2", pairWeight: 5, limits: true } as const;

testPlugin({ ...plugin, description: "with pairs" }, {
  values: { ...TINY, ...values, startResolution: 16, resolution: 32 },
  score: (model, images, alpha) => scored(model, images, alpha),
});

await selectBackend({ name: "cpu" });

const normals = (stream: string, shape: [number, number, number, number]) =>
  tf.tensor4d(new Random(seedFor(4, stream)).normals(tf.util.sizeFromShape(shape)), shape);

/** What the term reads of a step at 32 px. */
function stepOf(size: number): StepContext<"images"> {
  const step = { network: "generator", size, alpha: tf.scalar(1), tensors: {} };
  return step as unknown as StepContext<"images">;
}

Deno.test(
  "from its own picture of 16 px the generator draws on to what it draws from the start",
  tidied(() => {
    const [config] = resolveConfig([styleganSchema], [
      { from: "the test", values: { ...TINY, ...values, noise: false } },
    ]);
    const parameters = createParameters("generator", 1);
    const synthesis = createSkipSynthesis(parameters, config!, 4, 3); // one schema
    const w = latents("w", 1), styles = Array.from({ length: 10 }, () => w);
    for (const resolution of [8, 16]) synthesis.grow(resolution);
    const picture = synthesis.apply(styles, 1);
    for (const resolution of [32, 64]) synthesis.grow(resolution);
    for (const { path, variable } of parameters.trainable()) {
      if (!/(32|64)px/.test(path)) continue;
      variable.assign(
        tf.tensor(new Random(seedFor(3, path)).normals(variable.size), variable.shape),
      );
    }
    const whole = synthesis.apply(styles, 0.5), drawnOn = synthesis.drawOn!(picture, styles, 0.5);
    assert.deepEqual(whole.shape, [1, 64, 64, 3]);
    assert.equal(difference(drawnOn, whole), 0);
    assert(difference(synthesis.drawOn!(tf.neg(picture), styles, 0.5), whole) > 0.1);
  }),
);

Deno.test(
  "pairs teach the mapping and the layers above 16 px, none below",
  tidied(() => {
    const model = modelOf(values);
    for (const resolution of [8, 16, 32]) {
      model.stabilize();
      model.grow(resolution);
    }
    randomize(model); // image layers are initialized to 0, which blocks gradients to the others
    const reals = normals("reals", [2, 32, 32, 3]);
    const { value } = pairTerm(model.drawOn!, 5, () => reals);
    const variables = model.generator.trainable();
    const { grads } = withSeed(
      seedFor(1, "step"),
      () => tf.variableGrads(() => value(stepOf(2)), variables.map((v) => v.variable)),
    );
    const taught = variables.flatMap(({ path, variable }) => {
      const gradient = grads[variable.name];
      return gradient && tf.max(tf.abs(gradient)).dataSync()[0]! > 0 ? [path] : [];
    });
    const isMeant = (path: string) => /^(generator.)?(mapping|synthesis.32px)/.test(path);
    assert.deepEqual(taught, variables.map((v) => v.path).filter(isMeant));
  }),
);

Deno.test(
  "the term is the weight times the mean absolute difference, of half the batch, rounded up",
  tidied(() => {
    const reals = normals("reals", [5, 32, 32, 3]), seen: number[][] = [];
    const drawOn = (pictures: tf.Tensor4D) => {
      seen.push(pictures.shape);
      return tf.add<tf.Tensor4D>(reals.slice(0, 3), 0.25);
    };
    const term = pairTerm(drawOn, 3, () => reals);
    const value = withSeed(seedFor(1, "step"), () => term.value(stepOf(5))).dataSync()[0]!;
    assert.deepEqual(seen, [[3, 16, 16, 3]]);
    assert(Math.abs(value - 0.75) < 1e-6, `${value}`);
  }),
);

Deno.test(
  "reals are averaged to 16 px, with noise of a strength of their own, and stay in [-1, 1]",
  tidied(() => {
    const steps = tf.tile(tf.tensor4d([0.5, -0.5, 0.5, -0.5], [1, 2, 2, 1]), [400, 16, 16, 1]);
    const small = withSeed(seedFor(1, "noise"), () => reducedReals(steps as tf.Tensor4D));
    assert.deepEqual(small.shape, [400, 16, 16, 1]);
    const { mean, variance } = tf.moments(small, [1, 2, 3]);
    const means = [...mean.dataSync<"float32">()];
    // σ/16 each, with σ of at most 0.1
    assert(means.every((value) => Math.abs(value) < 5 * 0.1 / 16), `${Math.max(...means)}`);
    const strengths = [...tf.sqrt(variance).dataSync<"float32">()];
    const average = strengths.reduce((sum, value) => sum + value, 0) / strengths.length;
    // Uniform in [0, 0.1]: 0.05 on average, with a standard error of 0.1/√12/20.
    assert(Math.abs(average - 0.05) < 5 * 0.1 / Math.sqrt(12) / 20, `${average}`);
    assert(Math.max(...strengths) < 0.1 * 1.2, "0.1 but for the sample's spread");
    assert(Math.min(...strengths) < 0.005);
    const white = withSeed(seedFor(1, "noise"), () => reducedReals(tf.ones([8, 32, 32, 3])));
    assert.equal(tf.max(white).dataSync()[0], 1);
  }),
);
