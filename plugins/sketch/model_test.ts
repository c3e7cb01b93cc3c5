import assert from "node:assert/strict";
import { seedFor, tf, upsampleNearest, withSeed } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { planOf, resolveConfig, type RunConfig, runSchema } from "../../core/config/mod.ts";
import { sketchSchema } from "./config.ts";
import { sketchPresets } from "./presets.ts";
import { fadeSketches, reduceSketches } from "./fade_sketches.ts";
import { criticView } from "./merge.ts";
import type { SketchModel } from "./model.ts";
import { testBatch, testTraining } from "./test_run.ts";

const backend = await selectBackend({ name: "cpu" });

const tensor4 = (data: Float32Array | Int32Array, shape: number[]) =>
  tf.tensor4d(data as Float32Array, shape as [number, number, number, number]); // float32 of rank 4

/** Partial sketches, parts and classes of the test batch. */
function inputs(resolution: number, seed?: number) {
  const { partial, part, labels } = testBatch(resolution, seed);
  return {
    partial: tensor4(partial!.data, partial!.shape),
    part: tensor4(part!.data, part!.shape),
    labels: tf.tensor1d(labels!.data as Int32Array, "int32"),
  };
}

/** Parts of fixed latents and noise. */
function draw(
  model: SketchModel,
  partial: tf.Tensor4D,
  { alpha = 1, z = 1, labels }: { alpha?: number; z?: number; labels?: tf.Tensor1D } = {},
): tf.Tensor4D {
  return withSeed(seedFor(0, "test"), () =>
    model.drawParts(model.encode(partial, alpha), {
      alpha,
      z: tf.fill([partial.shape[0], 3], z) as tf.Tensor2D,
      ...(labels ? { labels } : {}),
    }));
}

function difference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;
}

/** Noise weights are initialized to 0; tests of noise need other values. */
function wakeNoise(model: SketchModel): void {
  for (const { path, variable } of model.generator.variables()) {
    if (path.endsWith("noise/weight")) variable.assign(tf.ones(variable.shape));
  }
}

function tidied(fn: () => void): () => void {
  return () => void tf.tidy(fn);
}

for (const [start, skips] of [[4, true], [8, true], [4, false], [8, false]] as const) {
  Deno.test(
    `growing to ${2 * start} px ${
      skips ? "with" : "without"
    } skips keeps generator and critic as functions at alpha 0`,
    tidied(() => {
      const training = testTraining(backend, { startResolution: start, skips });
      const { model } = training;
      const large = inputs(2 * start), { labels } = large;
      const partial = reduceSketches(large.partial), part = reduceSketches(large.part);
      const shown = { partial: fadeSketches(large.partial, 0), part: fadeSketches(large.part, 0) };
      const score = (view: tf.Tensor4D, alpha: number) =>
        // all that it reads
        model.score(view, { alpha: tf.scalar(alpha), tensors: { labels } } as never);
      const before = draw(model, partial, { labels });
      const scores = score(criticView(partial, part, "pair"), 1);
      model.grow(2 * start);
      const after = draw(model, shown.partial, { alpha: 0, labels });
      assert.deepEqual(after.shape, [4, 2 * start, 2 * start, 1]);
      assert.ok(difference(after, upsampleNearest(before)) < 1e-5);
      assert.ok(difference(score(criticView(shown.partial, shown.part, "pair"), 0), scores) < 1e-5);
      assert.ok(difference(draw(model, shown.partial, { alpha: 1, labels }), after) > 1e-3);
      training.dispose();
    }),
  );
}

for (const skips of [true, false]) {
  Deno.test(
    skips
      ? "stabilize() keeps the function at alpha 1, and all layers with skips"
      : "stabilize() keeps the function at alpha 1 and forgets what fading needed without skips",
    tidied(() => {
      const training = testTraining(backend, { skips });
      const { model } = training, { partial, labels } = inputs(8);
      model.grow(8);
      const before = draw(model, partial, { labels });
      const count = model.generator.variables().length,
        critics = model.discriminator.variables().length;
      model.stabilize();
      assert.equal(difference(draw(model, partial, { labels }), before), 0);
      // image layer and the encoder's input layer
      assert.equal(model.generator.variables().length, count - (skips ? 0 : 4));
      assert.equal(model.discriminator.variables().length, critics - (skips ? 0 : 2));
      training.dispose();
    }),
  );
}

Deno.test(
  "latent, class and partial sketch each change the part",
  tidied(() => {
    const training = testTraining(backend);
    const { model } = training, { partial, labels } = inputs(4);
    const part = draw(model, partial, { labels }), other = tf.tensor1d([1, 0, 1, 0], "int32");
    assert.equal(difference(draw(model, partial, { labels }), part), 0);
    assert.ok(difference(draw(model, partial, { labels, z: -1 }), part) > 1e-3);
    assert.ok(difference(draw(model, partial, { labels: other }), part) > 1e-3);
    assert.ok(difference(draw(model, inputs(4, 2).partial, { labels }), part) > 1e-3);
    training.dispose();
  }),
);

Deno.test(
  "without latent the part depends on the partial sketch and the noise alone",
  tidied(() => {
    const training = testTraining(backend, { latent: false });
    const { model } = training, { partial, labels } = inputs(4);
    assert.equal(model.latentSize, undefined);
    wakeNoise(model);
    const part = draw(model, partial, { labels });
    assert.equal(difference(draw(model, partial, { labels, z: -1 }), part), 0);
    assert.ok(difference(draw(model, inputs(4, 2).partial, { labels }), part) > 1e-3);
    const other = withSeed(
      seedFor(1, "test"),
      () => model.drawParts(model.encode(partial, 1), { alpha: 1, labels }),
    );
    assert.ok(difference(other, part) > 1e-3);
    training.dispose();
  }),
);

Deno.test(
  "noise is one map for the whole batch",
  tidied(() => {
    const training = testTraining(backend);
    const { model } = training;
    wakeNoise(model);
    const one = inputs(4).partial.slice([0, 0, 0, 0], [1, -1, -1, -1]);
    const two = draw(model, tf.concat([one, one], 0), { labels: tf.tensor1d([1, 1], "int32") });
    const [first, second] = tf.split(two, 2, 0);
    assert.ok(difference(first!, second!) < 1e-6);
    training.dispose();
  }),
);

Deno.test(
  "drawn parts stay between paper and ink where nothing may overflow",
  tidied(() => {
    const extremes = [0, 0.5, 1].map((overflow) => {
      const training = testTraining(backend, { overflow });
      const { model } = training, { partial, labels } = inputs(4);
      const layer = model.generator.variables().find(({ path }) =>
        path.endsWith("to_image/weight")
      )!;
      layer.variable.assign(tf.mul(layer.variable, 20)); // far beyond paper and ink
      const most = tf.max(tf.abs(draw(model, partial, { labels }))).dataSync()[0]!;
      training.dispose();
      return most;
    });
    const [none, half, all] = extremes as [number, number, number];
    assert.equal(none, 1);
    assert.ok(all > 5);
    assert.ok(Math.abs(half - (1 + all) / 2) < 1e-3);
  }),
);

Deno.test(
  "without noise nothing is drawn at random",
  tidied(() => {
    const training = testTraining(backend, { noise: false });
    const { model } = training, { partial, labels } = inputs(4);
    const z = tf.ones([4, 3]) as tf.Tensor2D;
    // outside withSeed()
    const part = model.drawParts(model.encode(partial, 1), { alpha: 1, labels, z });
    assert.deepEqual(part.shape, [4, 4, 4, 1]);
    training.dispose();
  }),
);

Deno.test(
  "the critic sees two channels of a pair, one of a merge, and one pixel changes its score",
  tidied(() => {
    for (const [criticSees, channels] of [["pair", 2], ["merge", 1]] as const) {
      const training = testTraining(backend, { criticSees, stddevGroup: 0 });
      const { model } = training, { partial, part, labels } = inputs(4);
      const view = criticView(partial, part, criticSees);
      assert.equal(view.shape[3], channels);
      const batch = { alpha: tf.scalar(1), tensors: { labels } } as never; // all that it reads
      const scores = model.score(view, batch);
      assert.deepEqual(scores.shape, [4, 1]);
      const pixel = tf.oneHot(tf.tensor1d([5], "int32"), 4 * 16 * channels).toFloat();
      const changed = model.score(tf.add(view, tf.reshape(pixel, view.shape)), batch);
      const moved = tf.abs(tf.sub(changed, scores)).dataSync();
      assert.ok(moved[0]! > 1e-4);
      assert.deepEqual([...moved.slice(1)], [0, 0, 0]);
      training.dispose();
    }
  }),
);

Deno.test(
  "a merge is the larger of both at each pixel",
  tidied(() => {
    const a = tf.tensor4d([-1, 0.5, 0, 1], [1, 2, 2, 1]),
      b = tf.tensor4d([0, -1, 0, -1], [1, 2, 2, 1]);
    assert.deepEqual([...criticView(a, b, "merge").dataSync()], [0, 0.5, 0, 1]);
    assert.deepEqual([...criticView(a, b, "pair").dataSync()], [-1, 0, 0.5, -1, 0, 0, 1, -1]);
  }),
);

Deno.test("options set the number of convolutions, channels and dense features", () => {
  const shapes = (values: Record<string, unknown>, name: "generator" | "discriminator") => {
    const training = testTraining(backend, values);
    const found = training.model[name].variables().map(({ path, variable }) =>
      [path, variable.shape] as const
    );
    training.dispose();
    return new Map(found);
  };
  const count = (all: Map<string, number[]>, part: RegExp) =>
    [...all.keys()].filter((p) => part.test(p)).length;
  const kernels = /conv\d\/weight$/;
  assert.equal(count(shapes({}, "generator"), kernels), 2);
  assert.equal(count(shapes({ layers: 2 }, "generator"), kernels), 4);
  const weak = shapes({ criticChannels: 0.5, criticDense: 2, criticLayers: 2 }, "discriminator");
  assert.deepEqual(weak.get("discriminator/last/dense/weight"), [3 * 16, 2]);
  assert.equal(count(weak, kernels), 2);
});

Deno.test(
  "without classes nothing is conditioned on labels",
  tidied(() => {
    for (const [values, labels] of [[{}, []], [{ labels: false }, ["a", "b"]]] as const) {
      const training = testTraining(backend, values, [...labels]);
      const { model } = training, { partial } = inputs(4);
      assert.deepEqual(model.classes, []);
      assert.deepEqual(draw(model, partial).shape, [4, 4, 4, 1]);
      assert.throws(
        () => model.nextPart(model.encode(partial, 1)),
        /expected a run with part classes/,
      );
      training.dispose();
    }
  }),
);

Deno.test(
  "a block has 1 + 2 convolutions and the critic as many dense layers as the options " +
    "say",
  () => {
    const pathsOf = (values: Record<string, unknown>) => {
      const training = testTraining(backend, values);
      const paths = (["generator", "discriminator"] as const).flatMap((network) =>
        training.network(network).variables().map(({ path }) => path)
      );
      training.dispose();
      return paths;
    };
    const usual = pathsOf({});
    const more = pathsOf({ secondLayers: 2, criticDenseLayers: 3 });
    const added = more.filter((path) => !usual.includes(path)).sort();
    assert.deepEqual(added, [
      "discriminator/last/dense1/bias",
      "discriminator/last/dense1/weight",
      "generator/synthesis/4px/layer1/conv1/bias",
      "generator/synthesis/4px/layer1/conv1/weight",
    ]);
    const fewer = pathsOf({ criticDenseLayers: 1 });
    assert.ok(usual.includes("discriminator/last/dense/weight"));
    assert.ok(!fewer.some((path) => path.startsWith("discriminator/last/dense")));
  },
);

Deno.test(
  "preset seed goes from 4 to 16 px, alpha + 0.001 a batch, with flips and noise on " +
    "reals",
  () => {
    const [run, config] = resolveConfig([runSchema, sketchSchema], [
      { from: "preset seed", values: sketchPresets.seed.values },
    ]);
    const plan = planOf(run as unknown as RunConfig);
    assert.deepEqual(plan.map((r) => [r.resolution, r.fadeImages / r.batchSize]), [
      [4, 0],
      [8, 1000],
      [16, 1000],
    ]);
    assert.deepEqual([run.noiseOn, run.stabilizerImages], ["reals", 0]);
    assert.deepEqual([config.layers, config.secondLayers, config.criticSees], [1, 2, "merge"]);
  },
);
