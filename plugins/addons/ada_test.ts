import assert from "node:assert/strict";
import { Random, seedFor, type StepContext, tf, withSeed } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import ada, { leakOf } from "./ada.ts";
import { coloured, countable, transformed } from "./ada_transforms.ts";
import { testContext } from "./test_context.ts";

testPlugin(ada, { values: { resolution: 8, adaImages: 40 } });

await tf.setBackend("cpu");
const SEED = seedFor(3, "ada");
const noise = (n: number, side: number, stream = "x") =>
  tf.tensor4d(new Random(seedFor(1, stream)).normals(n * side * side * 3), [n, side, side, 3]);
const seeded = <T>(fn: () => T) => withSeed(SEED, fn);
const largest = (x: tf.Tensor) => tf.max(tf.abs(x)).dataSync()[0]!;
const tidied = (fn: () => void) => () => void tf.tidy(fn);

Deno.test(
  "with p = 0 every image stays as it is: bit for bit in place, to rounding in colour",
  tidied(() => {
    const images = noise(4, 6), p = tf.scalar(0);
    assert.equal(largest(tf.sub(seeded(() => transformed(images, p)), images)), 0);
    assert(largest(tf.sub(seeded(() => coloured(images, p)), images)) < 1e-6);
  }),
);

Deno.test(
  "with p = 1 all images change; each value is a weighted mean of the image's own",
  tidied(() => {
    const images = noise(8, 8), out = seeded(() => transformed(images, tf.scalar(1)));
    const moved = tf.max(tf.abs(tf.sub(out, images)), [1, 2, 3]).dataSync();
    assert(moved.every((d) => d > 0.1), `${moved}`);
    const axes = [1, 2];
    assert(largest(tf.relu(tf.sub(tf.max(out, axes), tf.max(images, axes)))) < 1e-5);
    assert(largest(tf.relu(tf.sub(tf.min(images, axes), tf.min(out, axes)))) < 1e-5);
    const flat = tf.fill([4, 8, 8, 3], 0.3) as tf.Tensor4D;
    assert(largest(tf.sub(seeded(() => transformed(flat, tf.scalar(1))), flat)) < 1e-6);
  }),
);

Deno.test(
  "more images than float32 can number the pixels of are moved part by part",
  tidied(() => {
    for (const side of [4, 32, 512, 1024]) {
      const pixels = countable(side) * side ** 2;
      assert.equal(Math.fround(pixels - 1), pixels - 1);
      assert.notEqual(Math.fround(pixels + 1), pixels + 1);
    }
    const images = noise(8, 6),
      moved = (p: number) => seeded(() => transformed(images, tf.scalar(p), 3));
    assert.equal(largest(tf.sub(moved(0), images)), 0);
    const out = moved(1), axes = [1, 2];
    const together = seeded(() => transformed(images, tf.scalar(1), 8));
    assert(largest(tf.sub(out, together)) > 0.1, "each part has draws of its own");
    const apart = tf.max(tf.abs(tf.sub(out, images)), [1, 2, 3]).dataSync();
    assert(apart.length === 8 && apart.every((d) => d > 0.1), `${apart}`);
    assert(largest(tf.relu(tf.sub(tf.max(out, axes), tf.max(images, axes)))) < 1e-5);
  }),
);

Deno.test(
  "the generator's gradient is the transformation's adjoint: ⟨T x, y⟩ = ⟨x, Tᵀ y⟩",
  tidied(() => {
    const x = noise(4, 6, "x"), y = noise(4, 6, "y"), p = tf.scalar(0.7);
    // the input is images
    const apply = (x: tf.Tensor) => seeded(() => transformed(x as tf.Tensor4D, p));
    const back = tf.grad((x) => tf.sum(tf.mul(apply(x), y)))(x);
    const [left, right] = [tf.mul(apply(x), y), tf.mul(x, back)].map((z) =>
      tf.sum(z).dataSync()[0]!
    );
    assert(Math.abs(left! - right!) < 1e-3, `${left} and ${right}`);
  }),
);

Deno.test(
  "half of the images are turned or scaled with p = 1 − √½, as far as chance goes",
  tidied(() => {
    const n = 400, image = noise(1, 4), p = tf.scalar(1 - Math.SQRT1_2);
    const out = seeded(() => transformed(tf.tile(image, [n, 1, 1, 1]), p));
    const values = image.dataSync(), all = out.dataSync();
    let between = 0; // images with values that the original does not have
    for (let i = 0; i < n; i++) {
      const own = all.subarray(i * values.length, (i + 1) * values.length);
      if (own.some((v) => values.every((w) => Math.abs(v - w) > 1e-5))) between++;
    }
    // 3 standard deviations: 0.075
    assert(Math.abs(between / n - 0.5) < 0.08, `${between} of ${n}`);
  }),
);

Deno.test(
  "recorded, images and their gradients are those of the eager code, with p = " +
    "0.7",
  async () => {
    const results: Float32Array[][] = [];
    for (const backend of [await selectBackend({ name: "cpu" }), await selectBackend()]) {
      const images = noise(4, 8), p = tf.scalar(0.7);
      const compiled = backend.compile("ada", ({ images, p }) => {
        const chance = p as tf.Scalar; // as given below, like the images
        const apply = (x: tf.Tensor) => coloured(transformed(x as tf.Tensor4D, chance), chance);
        const { value, grad } = tf.valueAndGrad((x) => tf.sum(tf.square(apply(x))))(images!);
        return { value, grad };
      });
      const { value, grad } = await compiled.run({ images, p }, SEED);
      results.push([value!, grad!].map((x) => x.dataSync() as Float32Array)); // both float32
      compiled.dispose();
      tf.dispose([images, p, value!, grad!]);
    }
    const [eager, recorded] = results as [Float32Array[], Float32Array[]];
    eager.forEach((values, i) =>
      values.forEach((value, k) => {
        const received = recorded[i]![k]!;
        assert(
          Math.abs(received - value) <= 1e-3 * Math.max(1, Math.abs(value)),
          `${value}, ${received}`,
        );
      })
    );
  },
);

Deno.test(
  "p rises while D(real) is too often positive, is bounded, tells of it, and falls " +
    "again",
  () => {
    const values = { adaImages: 64_000, adaMaximum: 0.5, batch: 64 };
    const { context, facts, said } = testContext(ada, values, { phase: { batchSize: 64 } });
    const { inputs, step } = ada.hooks;
    const cycles = (count: number, sign: number) => {
      for (let i = 0; i < count; i++) {
        facts.imagesSeen += 64;
        step!(context, { "score/real_sign": sign });
      }
      return inputs!(context).adaProbability!;
    };
    assert.equal(cycles(200, 0.5), 0); // below the target
    assert.equal(facts.state.p, 0);
    cycles(20, 1); // the mean sign exceeds 0.6 after a few
    const rising = cycles(10, 1);
    assert(
      Math.abs(rising - cycles(10, 1) + 10 * 64 / 64_000) < 1e-9,
      "64 images a cycle, 64,000 from 0 to 1",
    );
    assert.equal(cycles(1000, 1), 0.5);
    assert.deepEqual(new Set(said.warned), new Set(["ada-bound"]));
    assert.equal(said.charts["ada/p"], 0.5);
    assert.equal(cycles(2000, -1), 0);
  },
);

Deno.test("the sign and p follow the images of all critic steps of a cycle", () => {
  const values = { adaImages: 6000, criticSteps: 3, adaTarget: 0 };
  const { context, facts } = testContext(ada, values, { phase: { batchSize: 10 } });
  ada.hooks.step!(context, { "score/real_sign": 1 });
  assert.deepEqual([facts.state.sign, facts.state.p], [30 / 1000, 30 / 6000]);
});

Deno.test("a model that does not report its scores' sign is named as what is missing", () => {
  assert.throws(() => ada.hooks.step!(testContext(ada).context, {}), /"score\/real_sign"/);
});

/**
 * Synthetic faces: a bright disc with two eyes and a mouth, lit from above, of varying size,
 * position and colour.
 */
function faces(count: number, stream: string): tf.Tensor4D {
  const side = 16, random = new Random(seedFor(2, stream));
  const data = new Float32Array(count * side * side * 3).fill(1);
  for (let n = 0; n < count; n++) {
    const [size, x, red, green] = random.normals(4) as unknown as [number, number, number, number];
    const radius = 5.5 + size / 2, middle = 7.5 + x / 4;
    for (let i = 0; i < side * side; i++) {
      const row = Math.floor(i / side) - 7.5, column = i % side - middle;
      if (Math.hypot(row, column) > radius) continue;
      const eye = Math.hypot(row + 2, Math.abs(column) - 2) < 1.2;
      const mouth = row > 2 && row < 4 && Math.abs(column) < 2.5;
      const light = eye || mouth ? -0.9 : 0.3 - row / 20;
      data.set([light + red / 10, light + green / 10, light - 0.4], 3 * (n * side * side + i));
    }
  }
  return tf.tensor4d(data, [count, side, side, 3]);
}

/** The metrics that steps report for given images. */
function reported(images: { real: tf.Tensor4D; generated: tf.Tensor4D }, p: number) {
  const metrics: Record<string, number> = { "score/real_sign": 0.61 };
  const step = {
    network: "discriminator",
    inputs: { adaProbability: tf.scalar(p) },
    report: (name: string, value: tf.Scalar) => void (metrics[name] = value.dataSync()[0]!),
  } as unknown as StepContext; // all that the hook reads
  const { context } = testContext(ada);
  withSeed(seedFor(4, "reals"), () => {
    ada.hooks.augment!(context, images.real, step, "real");
    ada.hooks.augment!(context, images.generated, step, "generated");
  });
  return metrics;
}
const augmented = (images: tf.Tensor4D, p: number, { geometry = p, colour = p } = {}) =>
  withSeed(
    seedFor(5, "leaked"),
    () => coloured(transformed(images, tf.scalar(geometry)), tf.scalar(colour)),
  );

Deno.test(
  "leakOf() finds how strongly generated images are augmented, and by what; other reals do not " +
    "leak",
  tidied(() => {
    const p = 0.6, real = faces(800, "real"), others = faces(800, "others");
    const leak = (generated: tf.Tensor4D) => leakOf({ looks: reported({ real, generated }, p), p });
    const near = (found: number, leaked: number) =>
      assert(Math.abs(found - leaked) < 0.1, `${found} for ${leaked}`);

    const clean = leak(others);
    near(clean.geometry, 0);
    near(clean.colour, 0);
    const same = leak(augmented(others, p));
    near(same.geometry, p);
    near(same.colour, p);
    const half = leak(augmented(others, 0.3));
    near(half.geometry, 0.3);
    near(half.colour, 0.3);
    const turned = leak(augmented(others, 0, { geometry: 0.5 }));
    near(turned.geometry, 0.5);
    assert(turned.colour < 0.25, `${turned.colour}`);
    const tinted = leak(augmented(others, 0, { colour: 0.5 }));
    near(tinted.geometry, 0);
    assert(tinted.colour > 0.35, `${tinted.colour}`);
  }),
);

Deno.test(
  "a leak is charted, makes p fall, and is warned of once it lasts; images as they should be " +
    "do none of it",
  tidied(() => {
    const real = faces(200, "real"), others = faces(200, "others");
    for (const [generated, leaks] of [[others, false], [augmented(others, 0.5), true]] as const) {
      const { context, facts, said } = testContext(ada, {}, { phase: { batchSize: 64 } });
      const metrics = reported({ real, generated }, 0.5);
      for (let i = 0; i < 400; i++) {
        facts.imagesSeen += 64;
        Object.assign(facts.state, { p: 0.5, sign: 0.61 }); // just above the target
        ada.hooks.step!(context, metrics);
        assert(facts.imagesSeen > 20_000 || said.warned.length === 0, "too early");
      }
      assert.equal((facts.state.p as number) < 0.5, leaks);
      assert.deepEqual(new Set(said.warned), new Set(leaks ? ["ada-leak"] : []));
      const leak = said.charts["ada/leak"]!;
      assert(leaks ? leak > 0.35 : leak < 0.15, `${leak}`);
    }
  }),
);

Deno.test(
  "looks are taken in the discriminator's steps alone",
  tidied(() => {
    const images = noise(2, 8), told: string[] = [], { context } = testContext(ada);
    for (const network of ["generator", "discriminator"] as const) {
      const step = {
        network,
        inputs: { adaProbability: tf.scalar(0.5) },
        report: () => void told.push(network),
      } as unknown as StepContext; // all that the hook reads
      seeded(() => ada.hooks.augment!(context, images, step, "generated"));
    }
    assert.deepEqual([...new Set(told)], ["discriminator"]);
  }),
);

Deno.test(
  "looks are forgotten when the resolution grows; without looks nothing is charted of " +
    "leaks",
  () => {
    const { context, facts, said } = testContext(ada, { batch: 4 });
    ada.hooks.step!(context, { "score/real_sign": 0 });
    assert.equal(said.charts["ada/leak"], undefined);
    tf.tidy(() => {
      const metrics = reported({ real: faces(8, "a"), generated: faces(8, "b") }, 0.5);
      ada.hooks.step!(context, metrics);
      ada.hooks.step!(context, metrics);
      // as the plugin declares it
      const images = () => (facts.state.averages as { images: number }).images;
      assert.equal(images(), 8);
      facts.phase.resolution = 8;
      ada.hooks.step!(context, metrics);
      assert.equal(images(), 4);
    });
  },
);
