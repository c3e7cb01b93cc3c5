import assert from "node:assert/strict";
import { Random, seedFor, selectBackend, tf, withSeed } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import ada, { coloured, transformed } from "./ada.ts";
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
  "the generator's gradient is the transformation's adjoint: ⟨T x, y⟩ = ⟨x, Tᵀ y⟩",
  tidied(() => {
    const x = noise(4, 6, "x"), y = noise(4, 6, "y"), p = tf.scalar(0.7);
    const apply = (x: tf.Tensor) => seeded(() => transformed(x as tf.Tensor4D, p)); // images
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
    let between = 0; // images with values that the original has not
    for (let i = 0; i < n; i++) {
      const own = all.subarray(i * values.length, (i + 1) * values.length);
      if (own.some((v) => values.every((w) => Math.abs(v - w) > 1e-5))) between++;
    }
    assert(Math.abs(between / n - 0.5) < 0.08, `${between} of ${n}`); // 3 standard deviations: 0.075
  }),
);

Deno.test("recorded, images and their gradients are those of the eager code, with p = 0.7", async () => {
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
});

Deno.test("p rises while D(real) is too often positive, is bounded, tells of leaks, and falls again", () => {
  const values = { adaImages: 4000, adaMaximum: 0.5, batch: 4 };
  const { context, facts, said } = testContext(ada, values);
  const { inputs, step } = ada.hooks;
  const cycles = (count: number, sign: number) => {
    for (let i = 0; i < count; i++) {
      facts.imagesSeen += 4;
      step!(context, { "score/real_sign": sign });
    }
    return inputs!(context).adaProbability!;
  };
  assert.equal(cycles(200, 0.5), 0); // below the target
  assert.equal(facts.state.p, 0);
  cycles(200, 1); // the mean sign passes 0.6 after about 150
  const rising = cycles(10, 1);
  assert(
    Math.abs(rising - cycles(10, 1) + 10 * 4 / 4000) < 1e-9,
    "4 images a cycle, 4000 from 0 to 1",
  );
  assert.equal(cycles(1000, 1), 0.5);
  assert.deepEqual(new Set(said.warned), new Set(["ada-leak"]));
  assert.equal(said.charts["ada/p"], 0.5);
  assert.equal(cycles(2000, -1), 0);
});

Deno.test("a model that does not report its scores' sign is named as what is missing", () => {
  assert.throws(() => ada.hooks.step!(testContext(ada).context, {}), /"score\/real_sign"/);
});
