import assert from "node:assert/strict";
import {
  type DatasetInfo,
  downsampleAverage,
  Random,
  type RunConfig,
  seedFor,
  type StepContext,
  tf,
  upsampleNearest,
  withSeed,
} from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import { createTrainingState } from "../../core/trainer/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import { type StyleganConfig, styleganSchema } from "./config.ts";
import plugin from "./mod.ts";
import {
  difference,
  draw,
  latents,
  modelOf,
  randomize,
  scored,
  tidied,
  TINY,
} from "./test_model.ts";

const ARCHITECTURES = ["stylegan", "stylegan2"] as const;

for (const architecture of ARCHITECTURES) {
  testPlugin({ ...plugin, description: architecture }, {
    values: { ...TINY, architecture, limits: architecture === "stylegan2" },
    score: (model, images, alpha) => scored(model, images, alpha),
  });
}

const backend = await selectBackend({ name: "cpu" });

for (const filter of ["blur", "nearest"] as const) {
  Deno.test(
    `growing and stabilizing keep generator and discriminator (filter ${filter})`,
    tidied(() => {
      const model = modelOf({ filter });
      for (const resolution of [8, 16]) {
        const size = 4 * resolution ** 2 * 3, random = new Random(seedFor(1, "images"));
        const large = tf.tensor4d(random.normals(size), [4, resolution, resolution, 3]);
        const small = downsampleAverage(large);
        const before = draw(model), scores = scored(model, small, 1);
        model.grow(resolution);
        assert(difference(draw(model, { alpha: 0 }), upsampleNearest(before)) < 1e-5);
        assert(difference(scored(model, large, 0), scores) < 1e-5);
        const [grown, grownScores] = [draw(model), scored(model, large, 1)];
        assert(difference(grown, upsampleNearest(before)) > 1e-2, "the new block is heard");
        model.stabilize();
        assert.equal(difference(draw(model), grown), 0);
        assert.equal(difference(scored(model, large, 1), grownScores), 0);
      }
    }),
  );
}

for (const architecture of ARCHITECTURES) {
  Deno.test(
    `${architecture}: a mix has the coarse style before the crossover and the fine one after it`,
    tidied(() => {
      const model = modelOf({ architecture });
      model.grow(8);
      randomize(model); // new image layers are initialized to 0
      model.stabilize();
      const coarse = latents("coarse"), fine = latents("fine"), layers = model.styleLayers!();
      assert.equal(layers, 4);
      const mix = (crossover: number, a = coarse, b = fine) =>
        withSeed(
          seedFor(0, "noise"),
          () => model.mix!(a, b, { alpha: 1, truncation: 1, crossover }),
        );
      assert.equal(difference(mix(layers), draw(model, { z: coarse })), 0);
      assert.equal(difference(mix(0), draw(model, { z: fine })), 0);
      const mixed = [1, 2, 3].map((crossover) => mix(crossover));
      for (const [i, image] of mixed.entries()) {
        assert(difference(image, draw(model, { z: coarse })) > 1e-3);
        assert(difference(image, draw(model, { z: fine })) > 1e-3);
        if (i > 0) assert(difference(image, mixed[i - 1]!) > 1e-3);
      }
      assert.equal(difference(mix(2, coarse, coarse), draw(model, { z: coarse })), 0);
    }),
  );

  Deno.test(
    `${architecture}: truncation 0 draws one image for all latents, and ψ moves styles towards it`,
    tidied(() => {
      const model = modelOf({ architecture });
      for (const { path, variable } of model.generator.variables()) {
        if (path.endsWith("noise/weight")) variable.assign(tf.zeros(variable.shape));
        if (path.endsWith("mapping/mean")) variable.assign(tf.fill(variable.shape, 0.5));
      }
      const spread = (truncation: number) => {
        const images = draw(model, { truncation });
        return difference(images, tf.tile(images.slice([0], [1]), [4, 1, 1, 1]));
      };
      assert.equal(spread(0), 0);
      assert(0 < spread(0.5) && spread(0.5) < spread(1));
    }),
  );

  Deno.test(
    `${architecture}: with labels, truncation 0 draws one image a class, of the class's mean w`,
    tidied(() => {
      const model = modelOf({ architecture, noise: false }, 3);
      const labels = tf.tensor1d([0, 1, 0, 1], "int32");
      const images = draw(model, { truncation: 0, labels });
      const [first, second] = [images.slice([0], [2]), images.slice([2], [2])];
      assert.equal(difference(first, second), 0);
      assert(difference(images.slice([0], [1]), images.slice([1], [1])) > 0.01);
      const count = 4000, space = model.latentSpace!; // StyleGAN has a latent space
      const w = space.map(latents("many", count), tf.fill([count], 1, "int32") as tf.Tensor1D);
      const centre = space.truncate(w.slice([0], [1]), 0, tf.tensor1d([1], "int32"));
      const spread = tf.moments(w, 0).variance.sqrt().mean().dataSync()[0]!;
      // a mean of 128 latents is within about a tenth of their spread
      assert(difference(centre, tf.mean(w, 0, true)) < 0.3 * spread);
    }),
  );

  Deno.test(
    `${architecture}: noise is drawn anew for each image; without it a latent is one image`,
    tidied(() => {
      const twice = (noise: boolean) => {
        const model = modelOf({ architecture, noise });
        randomize(model);
        const [first, second] = [1, 2].map((i) =>
          withSeed(
            seedFor(i, "noise"),
            () => model.generate!(latents("z"), { alpha: 1, truncation: 1 }),
          )
        );
        return difference(first!, second!);
      };
      assert(twice(true) > 1e-3);
      assert.equal(twice(false), 0);
    }),
  );

  Deno.test(
    `${architecture}: labels change the image and the score, and are asked for`,
    tidied(() => {
      const model = modelOf({ architecture }, 3);
      const labelsOf = (label: number) => tf.fill([4], label, "int32") as tf.Tensor1D;
      const images = draw(model, { labels: labelsOf(0) });
      assert(difference(images, draw(model, { labels: labelsOf(1) })) > 1e-3);
      assert(
        difference(scored(model, images, 1, labelsOf(0)), scored(model, images, 1, labelsOf(1))) >
          1e-3,
      );
      assert.throws(() => draw(model), /expected labels, received none/);
      assert.throws(() => scored(model, images, 1), /expected labels, received none/);
    }),
  );
}

for (const architecture of ARCHITECTURES) {
  Deno.test(`${architecture}: the 4 px block is there where training starts at 8 px, too`, () => {
    const trainingAt = (values: Record<string, unknown>) => {
      const [run, config] = resolveConfig([runSchema, styleganSchema], [
        { from: "the test", values: { ...TINY, architecture, resolution: 8, ...values } },
      ]);
      const training = createTrainingState({
        run: run as unknown as RunConfig,
        plugins: { model: { plugin, specifier: "stylegan", config }, addOns: [] },
        // all that is read
        dataset: { count: 8, channels: 3, labels: [] } as unknown as DatasetInfo,
        backend,
      });
      const paths = training.model.generator.variables().map(({ path, variable }) =>
        `${path} ${variable.shape}`
      ).sort();
      const layers = training.model.styleLayers!();
      training.dispose();
      return { paths, layers };
    };
    const without = trainingAt({ startResolution: 8 });
    const whole = trainingAt({ startResolution: 8, firstBlock: 4 });
    assert.deepEqual([without.layers, whole.layers], [2, 4]);
    assert.ok(whole.paths.some((path) => path.startsWith("generator/synthesis/4px/layer1/conv/")));
    assert.ok(
      without.paths.includes("generator/synthesis/8px/constant 1,8,8,6"),
      without.paths.join(),
    );
  });
}

for (const architecture of ARCHITECTURES) {
  Deno.test(
    `${architecture}: layers from the truncation's cut-off on are as they were ` +
      `mapped`,
    () => {
      const model = modelOf({ architecture });
      model.grow(8);
      model.stabilize();
      const drawn = (truncation: number, truncationCutoff?: number) =>
        withSeed(seedFor(0, "noise"), () =>
          model.generate!(latents("z"), {
            alpha: 1,
            truncation,
            ...(truncationCutoff === undefined ? {} : { truncationCutoff }),
          }));
      assert.equal(model.styleLayers!(), 4);
      assert.equal(difference(drawn(0.5, 4), drawn(0.5)), 0);
      // The second layer styles the first block's image; StyleGAN2's later image layers are
      // initialized to 0.
      assert.ok(difference(drawn(0.5, 1), drawn(0.5)) > 1e-4);
      assert.ok(difference(drawn(0.5, 1), drawn(1)) > 1e-4);
      const mixed = (crossover: number) =>
        withSeed(seedFor(0, "noise"), () =>
          model.mix!(latents("z"), latents("z"), {
            alpha: 1,
            truncation: 0.5,
            truncationCutoff: 1,
            crossover,
          }));
      assert.ok(difference(mixed(1), drawn(0.5, 1)) < 1e-6);
    },
  );
}

Deno.test("instance norms have the run's ε, 1e-5 where nothing is said", () => {
  tf.engine().startScope();
  const pictureOf = (
    values: Partial<StyleganConfig>,
  ) => [...draw(modelOf({ architecture: "stylegan", ...values })).dataSync()];
  const usual = pictureOf({});
  assert.deepEqual(pictureOf({ normEpsilon: 1e-5 }), usual);
  assert.notDeepEqual(pictureOf({ normEpsilon: 1e-2 }), usual);
  tf.engine().endScope();
});

for (const architecture of ARCHITECTURES) {
  Deno.test(
    `${architecture}: styles() and synthesize() are the two halves of draw() without mixing`,
    tidied(() => {
      const model = modelOf({ architecture, mixing: 0 });
      const batch = { size: 4, alpha: tf.scalar(1), network: "discriminator", tensors: {} };
      const step = batch as unknown as StepContext; // all that both read
      const whole = withSeed(seedFor(2, "step"), () => model.draw(step));
      const halves = withSeed(
        seedFor(2, "step"),
        () => model.synthesize!(model.styles!(step), step),
      );
      assert.equal(difference(whole, halves), 0);
    }),
  );
}
