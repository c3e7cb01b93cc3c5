import assert from "node:assert/strict";
import {
  downsampleAverage,
  gradientOf,
  Random,
  seedFor,
  tf,
  upsampleBilinear,
  upsampleNearest,
} from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import type { StyleganModel } from "./model.ts";
import { assertNear, draw, modelOf, randomize, scored } from "./test_model.ts";

await selectBackend({ name: "cpu" });

/**
 * The discriminator's scores of images, their gradient, its square (R1), and the gradient of that
 * with respect to the weights.
 */
function functionsOf(model: StyleganModel, images: tf.Tensor4D, alpha: number) {
  const variables = model.discriminator.trainable();
  const slopeOf = () => gradientOf((x) => scored(model, x, alpha), images);
  const penalty = () => tf.sum(tf.square(slopeOf())) as tf.Scalar;
  const { value, grads } = tf.variableGrads(penalty, variables.map((v) => v.variable));
  const second = Object.fromEntries(
    variables.flatMap(({ path, variable }) => {
      const gradient = grads[variable.name];
      return gradient ? [[path, gradient]] : []; // biases behind the last nonlinearity have none
    }),
  );
  return {
    scores: scored(model, images, alpha),
    slope: slopeOf(),
    penalty: value,
    second,
    paths: Object.keys(second),
  };
}

Deno.test("with limits pictures lie in [-1, 1] and are called back from beyond", () => {
  for (const limits of [false, true]) {
    tf.tidy(() => {
      const model = modelOf({ architecture: "stylegan2", limits });
      const bias = model.generator.trainable().find((v) => v.path.endsWith("to_image/bias"))!;
      bias.variable.assign(tf.fill(bias.variable.shape, 9)); // all pixels are far above 1
      const picture = draw(model);
      assert.equal(tf.max(picture).dataSync()[0]! > 1, !limits);
      const slope = (sign: number) => {
        const sum = () => tf.mul<tf.Scalar>(tf.sum(draw(model)), sign);
        return tf.variableGrads(sum, [bias.variable]).grads[bias.variable.name]!.dataSync()[0]!;
      };
      assert(slope(1) > 0, "descending darkens");
      assert.equal(slope(-1) < 0, !limits, "descending would brighten further");
      model.generator.remove();
      model.discriminator.remove();
    });
  }
});

Deno.test("at a growth both networks are the old functions, whatever alpha is", () => {
  for (const [alpha, limits] of [[0, false], [0.5, false], [1, false], [0.5, true]] as const) {
    const model = modelOf({ architecture: "stylegan2", limits }),
      next = new Random(seedFor(2, "images"));
    for (const resolution of [8, 16]) {
      tf.tidy(() => {
        randomize(model);
        const size = 4 * resolution ** 2 * 3;
        const large = tf.tensor4d(next.normals(size), [4, resolution, resolution, 3]);
        const before = functionsOf(model, downsampleAverage(large), 1);
        const old = new Set(before.paths), picture = draw(model);
        model.grow(resolution);
        const after = functionsOf(model, large, alpha);
        assertNear(draw(model, { alpha }), upsampleBilinear(picture));
        assertNear(after.scores, before.scores);
        // A pixel's gradient is spread over four pixels: a quarter for each, so the sum of squares
        // is a quarter.
        assertNear(after.slope, tf.mul(upsampleNearest(before.slope), 0.25));
        assertNear(after.penalty, tf.mul(before.penalty, 0.25));
        for (const [path, gradient] of Object.entries(after.second)) {
          const expected = before.second[path];
          if (expected) assertNear(gradient, tf.mul(expected, 0.25));
        }
        assert.equal(Object.keys(after.second).filter((path) => old.has(path)).length, old.size);
      });
      model.stabilize();
    }
    model.generator.remove();
    model.discriminator.remove();
  }
});
