import assert from "node:assert/strict";
import { type StepContext, tf } from "../../core/mod.ts";
import { testPlugin } from "../../core/testing/mod.ts";
import diversity, { histogramOf, nearestOf, twinsOf } from "./diversity.ts";
import gradientNorm from "./gradient_norm.ts";
import plateau from "./plateau.ts";
import { testContext } from "./test_context.ts";

testPlugin(gradientNorm, { values: { resolution: 8, clipNorm: 1 } });
testPlugin(diversity, { values: { resolution: 8 } });
testPlugin(plateau, { values: { resolution: 8 } });

await tf.setBackend("cpu");

Deno.test(
  "gradient-norm reports the norm over all gradients, and clips to a norm without " +
    "turning them",
  () => {
    tf.tidy(() => {
      const given = { a: tf.tensor1d([3, 0]), b: tf.scalar(4) };
      const reported: Record<string, number> = {};
      const step = {
        network: "generator",
        report: (name: string, value: tf.Scalar) => void (reported[name] = value.dataSync()[0]!),
      } as unknown as StepContext; // all that it reads
      const clipped = (clipNorm: number) => {
        const { context } = testContext(gradientNorm, { clipNorm });
        const out = gradientNorm.hooks.gradients!(context, given, step);
        return Object.values(out).flatMap((g) => [...g.dataSync()]).map((v) =>
          Number(v.toFixed(5))
        );
      };
      assert.deepEqual(clipped(0), [3, 0, 4]);
      assert.deepEqual(clipped(10), [3, 0, 4]);
      assert.deepEqual(clipped(0.5), [0.3, 0, 0.4]);
      assert.deepEqual(reported, { "gradient_norm/generator": 5 });
    });
  },
);

Deno.test("gradient-norm warns of a spike once it knows what is usual, not before", () => {
  const { context, said } = testContext(gradientNorm);
  const step = (norm: number) =>
    gradientNorm.hooks.step!(context, { "gradient_norm/discriminator": norm });
  step(1);
  step(1000);
  for (let i = 0; i < 200; i++) step(1 + i % 2);
  assert.deepEqual(said.warned, []);
  step(60);
  assert.deepEqual(said.warned, ["gradient-spike-discriminator"]);
});

Deno.test("a norm's usual size is the geometric mean of a hundred, then follows slowly", () => {
  const { context, facts, said } = testContext(gradientNorm, { spikeFactor: 20 });
  const step = (norm: number | undefined) =>
    gradientNorm.hooks.step!(context, {
      ...(norm === undefined ? {} : { "gradient_norm/generator": norm }),
    });
  const near = (value: number) => {
    const found = facts.state.generator as number;
    assert.ok(Math.abs(found - value) < 1e-9, `${found}, not ${value}`);
  };
  for (let i = 0; i < 100; i++) step(Math.exp(i % 2));
  near(0.5);
  step(Math.exp(1.5));
  near(0.5 + 0.01);
  for (const norm of [0, undefined]) step(norm); // nothing was learnt
  near(0.51);
  step(19.9 * Math.exp(0.51));
  assert.deepEqual(said.warned, []);
  step(20.1 * Math.exp(facts.state.generator as number));
  assert.deepEqual(said.warned, ["gradient-spike-generator"]);
});

Deno.test("diversity measures each sample's nearest other one, and warns of twins", () => {
  // Three samples of two values: 0 and 1 differ by 1 in one value, 2 is far from both.
  const apart = new Float32Array([0, 0, 1, 0, 10, 10]);
  const expected = [Math.sqrt(1 / 2), Math.sqrt(1 / 2), Math.sqrt((81 + 100) / 2)];
  const nearest = nearestOf(apart, 3);
  nearest.forEach(({ distance }, i) => assert(Math.abs(distance - expected[i]!) < 1e-6));
  assert.deepEqual(nearest.map(({ index }) => index), [1, 0, 1]);
  const { context, said } = testContext(diversity);
  diversity.hooks.sampled!(context, { data: apart, shape: [3, 1, 2, 1] });
  assert.deepEqual([said.charts["diversity/repeats"], said.warned], [0, []]);
  diversity.hooks.sampled!(context, {
    data: new Float32Array([0, 0, 0, 0, 9, 9]),
    shape: [3, 1, 2, 1],
  });
  assert.equal(said.charts["diversity/repeats"], 2 / 3);
  assert.deepEqual(said.warned, ["repeats"]);
  assert.deepEqual(Object.keys(said.shown), ["nearest", "twins"]);
});

Deno.test("diversity shows how many samples lie how far, and each of the most similar pairs once", () => {
  const bars = histogramOf([0, 0.05, 0.06, 1.2]);
  assert.deepEqual(bars.map(({ value }) => value), [3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  assert.deepEqual([bars[0]!.label, bars[11]!.label], ["0.00 to 0.10", "1.10 to 1.20"]);
  const data = new Float32Array([5, 0, 5.25, 1]); // four samples of one value
  const { images, captions } = twinsOf({ data, shape: [4, 1, 1, 1] }, nearestOf(data, 4));
  assert.deepEqual([...images.data], [5, 5.25, 0, 1]);
  assert.deepEqual(images.shape, [4, 1, 1, 1]);
  assert.deepEqual(captions, ["1", "3 (0.25)", "2", "4 (1.00)"]);
});

Deno.test(
  "plateau ends a resolution when SWD no longer falls, not while it does, and not the " +
    "last",
  () => {
    const { context, facts } = testContext(plateau, { resolution: 8, metricsEvery: 1 });
    const { measured, advance } = plateau.hooks;
    const after = (...swd: number[]) => {
      for (const value of swd) measured!(context, { "metric/swd": value });
      return advance!(context);
    };
    assert.equal(after(100, 90, 80, 79.9, 79.8), false); // twice without progress
    assert.equal(after(70), false); // progress
    assert.equal(after(70, 71), false);
    assert.equal(after(69.9), true);
    facts.phase = { ...facts.phase, index: 1, kind: "fade", resolution: 8 };
    assert.equal(after(90, 90, 90, 90), false); // fades are not judged
    facts.phase = { ...facts.phase, index: 2, kind: "stabilize" };
    assert.equal(after(90, 90, 90, 90, 90), false); // the last
  },
);

Deno.test("plateau says before anything is built that it needs measurements", async () => {
  const told: string[] = [];
  const prepare = (metricsEvery: number, values: Record<string, unknown> = {}) => {
    const { context: { config, run } } = testContext(plateau, { metricsEvery, ...values });
    const signal = new AbortController().signal, log = (line: string) => void told.push(line);
    return plateau.prepare!({ config, run, log, progress() {}, signal });
  };
  await assert.rejects(prepare(0), /received --metrics-every 0\. Add e\.g\./);
  await prepare(1000);
  await prepare(1000, { startResolution: 16, resolution: 16, plateauLast: true });
  assert.deepEqual(told, []);
  await prepare(1000, { startResolution: 16, resolution: 16 });
  assert.match(told.join(), /no effect at 16 px.*--plateau-last/);
});
