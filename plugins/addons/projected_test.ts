import assert from "node:assert/strict";
import {
  createParameters,
  type EfficientNet,
  lossGradients,
  type LossTerm,
  type Phase,
  randomNormal,
  seedFor,
  STAGE_CHANNELS,
  type StepContext,
  tf,
  withSeed,
} from "../../core/mod.ts";
import { testPlugin, withFolder } from "../../core/testing/mod.ts";
import projected, { expectProjectable, projectedOn } from "./projected.ts";
import { testContext } from "./test_context.ts";

/** A network that is fast on any backend: averages of squares, mixed by fixed weights. */
const plainNetwork: EfficientNet = {
  stages: (images) =>
    STAGE_CHANNELS.map((channels, i) => {
      const size = 4 << i, numbers = tf.range(1, 3 * channels + 1);
      const mix = tf.reshape<tf.Rank.R4>(tf.mul(10, tf.sin(numbers)), [1, 1, 3, channels]);
      return tf.conv2d(tf.avgPool(images, size, size, "valid"), mix, 1, "same");
    }) as ReturnType<EfficientNet["stages"]>, // four stages
  embed: () => assert.fail("the add-on needs no embedding"),
  dispose() {},
};
const plain = projectedOn(() => () => plainNetwork);

testPlugin(plain, {
  values: {
    resolution: 8,
    batch: 2,
    fadeImages: 4,
    stabilizeImages: 4,
    projectedFrom: 8,
    projectedSize: 32,
  },
});

await tf.setBackend("cpu");

const N = 2, SIDE = 8;
const noise = (name: string) =>
  withSeed(seedFor(3, name), () => randomNormal([N, SIDE, SIDE, 3])) as tf.Tensor4D;

/** The terms of a run that has grown to 8 px, and the discriminator's weights. */
function grown(
  values: Record<string, unknown> = {},
  { kind = "stabilize", plugin = plain }: { kind?: Phase["kind"]; plugin?: typeof plain } = {},
) {
  const discriminator = createParameters("discriminator", 1);
  const { context } = testContext(
    plugin,
    { projectedFrom: SIDE, projectedSize: 32, projectedAugment: false, ...values },
    { model: { discriminator }, phase: { resolution: SIDE, kind } },
  );
  plugin.hooks.grow!(context, SIDE);
  const terms = plugin.hooks.losses!(context);
  const [ofCritic, ofGenerator] = terms as [LossTerm, LossTerm];
  return { discriminator, ofCritic, ofGenerator };
}

/** A step in which the adversarial terms have shown these images. */
function stepOf(images: Record<string, tf.Tensor4D>, alpha = 1) {
  const reported: Record<string, number> = {}, memo = new Map<string, unknown>();
  const step = {
    alpha: tf.scalar(alpha),
    shared(key: string, make: () => unknown) {
      if (key in images) return images[key];
      if (!memo.has(key)) memo.set(key, make());
      return memo.get(key);
    },
    report: (name: string, value: tf.Scalar) => void (reported[name] = value.dataSync()[0]!),
  } as unknown as StepContext; // all that the terms read
  return { step, reported };
}

const valueOf = (x: tf.Tensor) => x.dataSync()[0]!;
const near = (a: number, b: number, tolerance: number) =>
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(1e-3, Math.abs(b)), `${a}, not ${b}`);

Deno.test("the generator's term is minus its weight times the mean score of its images", () => {
  tf.tidy(() => {
    const images = { "shown/real": noise("real"), "shown/fake": noise("fake") };
    const { ofCritic, ofGenerator, discriminator } = grown({ projectedWeight: 0.25 });
    const { step, reported } = stepOf(images);
    const loss = valueOf(ofCritic.value(step));
    near(valueOf(ofGenerator.value(step)), -0.25 * reported["projected/fake"]!, 1e-4);
    // The hinge loss is at least its linear part, 1 - D(real) + 1 + D(fake).
    assert.ok(loss >= 2 - reported["projected/real"]! + reported["projected/fake"]! - 1e-4);
    discriminator.remove();
  });
});

Deno.test("in the fade of their first resolution the generator's term is weighted by alpha", () => {
  tf.tidy(() => {
    const images = { "shown/fake": noise("fake") };
    const fading = grown({}, { kind: "fade" }), stable = grown();
    const whole = valueOf(stable.ofGenerator.value(stepOf(images, 0.25).step));
    near(valueOf(fading.ofGenerator.value(stepOf(images, 0.25).step)), 0.25 * whole, 1e-4);
    fading.discriminator.remove();
    stable.discriminator.remove();
  });
});

Deno.test("the gradient by the images is the slope of the term along it", () => {
  tf.tidy(() => {
    const { ofGenerator, discriminator } = grown({}, { plugin: projected });
    const term = (images: tf.Tensor) =>
      ofGenerator.value(stepOf({ "shown/fake": images as tf.Tensor4D }).step);
    const x = noise("fake"), gradient = tf.grad(term)(x);
    const length = tf.norm(gradient), direction = tf.div(gradient, length);
    // in pixel values: larger than float32's noise, smaller than the distance to the kinks
    const by = 0.02;
    const moved = (sign: number) => valueOf(term(tf.add(x, tf.mul(direction, sign * by))));
    near((moved(1) - moved(-1)) / (2 * by), valueOf(length), 0.05);
    discriminator.remove();
  });
});

Deno.test("heads learn; the mixing and the network don't", () => {
  tf.tidy(() => {
    const { ofCritic, discriminator } = grown();
    const images = { "shown/real": noise("real"), "shown/fake": noise("fake") };
    const { gradients } = lossGradients(
      () => ofCritic.value(stepOf(images).step),
      discriminator.trainable(),
    );
    const paths = discriminator.variables().map(({ path }) => path);
    const heads = paths.filter((path) => path.startsWith("discriminator/projected/head/"));
    const fixed = paths.filter((path) => path.startsWith("discriminator/projected/mix/"));
    assert.deepEqual(Object.keys(gradients).sort(), heads.sort());
    assert.equal(fixed.length, 4 + 3); // one per stage across channels, three across scales
    assert.equal(paths.length, heads.length + fixed.length);
    discriminator.remove();
  });
});

Deno.test("a head's scores don't depend on its filters' lengths", () => {
  tf.tidy(() => {
    const { ofGenerator, discriminator } = grown();
    const { step } = stepOf({ "shown/fake": noise("fake") });
    const before = valueOf(ofGenerator.value(step));
    for (const { path, variable } of discriminator.trainable()) {
      if (path.endsWith("/weight")) variable.assign(tf.mul(variable, 3));
    }
    near(valueOf(ofGenerator.value(step)), before, 1e-3);
    discriminator.remove();
  });
});

Deno.test("below their first resolution there are no terms", () => {
  const { context } = testContext(projected, {}, { phase: { resolution: 8 } });
  assert.deepEqual(projected.hooks.losses!(context), []);
});

Deno.test("a resolution that the networks don't grow to is refused before they train", () => {
  const expected = (projectedFrom: number) =>
    expectProjectable({ projectedFrom, projectedSize: 64 }, { firstBlock: 0, startResolution: 8 });
  for (const from of [16, 64]) expected(from);
  // networks built at 4 px have already grown when training starts at 64
  const grown = { firstBlock: 4, startResolution: 64 };
  expectProjectable({ projectedFrom: 64, projectedSize: 64 }, grown);
  for (const from of [8, 24, 48]) {
    assert.throws(
      () => expected(from),
      new RegExp(
        `--projected-from to be a resolution that the networks grow to.*received ${from}$`,
      ),
    );
  }
});

Deno.test("a size that the network can't halve five times is refused before they train", () => {
  assert.throws(
    () =>
      expectProjectable({ projectedFrom: 16, projectedSize: 100 }, {
        firstBlock: 0,
        startResolution: 8,
      }),
    /--projected-size to be a multiple of 32, received 100/,
  );
});

Deno.test("a model that shares no images is told to use adversarialTerms()", () => {
  const { ofGenerator, discriminator } = grown();
  assert.throws(
    () => tf.tidy(() => ofGenerator.value(stepOf({}).step)),
    /share "shown\/fake", received none\. Use adversarialTerms\(\)/,
  );
  discriminator.remove();
});

Deno.test("prepare() tells of a run that ends below the resolution that features judge first", async () => {
  const prepare = async (values: Record<string, unknown>) => {
    const { context: { config, run } } = testContext(projected, values), told: string[] = [];
    const signal = new AbortController().signal, log = (line: string) => void told.push(line);
    await projected.prepare!({ config, run, log, progress() {}, signal });
    return told;
  };
  const [line, ...more] = await prepare({ resolution: 8, projectedFrom: 16 });
  assert.match(line!, /up to 8 px, where this run ends: --projected-from is 16$/);
  assert.deepEqual(more, []);
});

Deno.test("prepare() says how to train without a network that can't be had", () =>
  withFolder(async (folder) => {
    const cache = `${folder}/file`, before = Deno.env.get("CAMBIUM_CACHE");
    await Deno.writeTextFile(cache, "no folder");
    Deno.env.set("CAMBIUM_CACHE", cache);
    try {
      const { context: { config, run } } = testContext(projected, { resolution: 64 });
      const signal = new AbortController().signal;
      await assert.rejects(
        async () => await projected.prepare!({ config, run, log() {}, progress() {}, signal }),
        /EfficientNet-lite0.*\. Leave out --plugin projected to train by pixels alone$/s,
      );
    } finally {
      if (before === undefined) Deno.env.delete("CAMBIUM_CACHE");
      else Deno.env.set("CAMBIUM_CACHE", before);
    }
  }));
