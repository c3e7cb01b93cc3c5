import assert from "node:assert/strict";
import { type Dataset, type OpenedRun, tf } from "../../core/mod.ts";
import { planOf, resolveConfig, runSchema } from "../../core/config/mod.ts";
import { createProganSr, type ProganSrModel } from "./model.ts";
import plugin from "./mod.ts";
import { enlarge, reduce } from "./pairs.ts";
import { CELLS, srPreview } from "./preview.ts";
import { pattern } from "../../core/features/testdata/pattern.ts";

await tf.setBackend("cpu");
const tiny = { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 };

Deno.test("every preset resolves with the run's options; seed has the recipe's numbers", () => {
  for (const { values } of Object.values(plugin.presets!)) {
    resolveConfig([runSchema, plugin.config], [{ from: "preset", values }]);
  }
  const [run, config] = resolveConfig([runSchema, plugin.config], [
    { from: "preset", values: plugin.presets!.seed!.values },
  ]);
  const { batch, epochs, criticSteps, lambda, beta1, beta2, epsilon, learningRate, penalty } = run;
  assert.deepEqual(
    { batch, epochs, criticSteps, lambda, beta1, beta2, epsilon, learningRate, penalty },
    {
      batch: 16,
      epochs: 256,
      criticSteps: 5,
      lambda: 5,
      beta1: 0.5,
      beta2: 0.9,
      epsilon: 1e-7,
      learningRate: 0.01,
      penalty: "wgan_gp",
    },
  );
  assert.equal(config.perceptualFrom, 32);
});

Deno.test("the presets for small machines average over less than their shortest fade", () => {
  for (const name of ["perceptual", "distortion"]) {
    const [run] = resolveConfig([runSchema, plugin.config], [
      { from: "preset", values: plugin.presets![name]!.values },
    ]);
    const fades = planOf(run).map((p) => p.fadeImages).filter((images) => images > 0);
    assert.ok(run.emaImages <= Math.min(...fades), `${name}: ${run.emaImages} of ${fades}`);
  }
});

Deno.test("--critic-rate multiplies the critic's learning rate alone", () => {
  const [config] = resolveConfig([plugin.config], [{ from: "test", values: { criticRate: 7 } }]);
  type Rate = NonNullable<typeof plugin.hooks.learningRate>;
  const context = { config } as Parameters<Rate>[0]; // all that it reads
  const rateOf = (network: Parameters<Rate>[2]) =>
    plugin.hooks.learningRate!(context, 0.25, network);
  assert.deepEqual([rateOf("generator"), rateOf("discriminator")], [0.25, 1.75]);
});

Deno.test("prepare() refuses a generator that has no loss term, and names flags that give one", async () => {
  const prepared = async (values: Record<string, unknown>, startResolution: number) => {
    const [run, config] = resolveConfig([runSchema, plugin.config], [
      { from: "test", values: { resolution: 64, ...values, startResolution } },
    ]);
    const { signal } = new AbortController();
    await plugin.prepare!({ config, run, log: () => {}, progress: () => {}, signal });
  };
  const none = { adversarialWeight: 0, pixelWeight: 0, featuresWeight: 0, perceptual: "none" };
  await assert.rejects(() => prepared(none, 8), {
    name: "ConfigError",
    message:
      /generator at 8 px: .* received none\. Give --pixel-weight 1 or --adversarial-weight 1/,
  });
  await assert.rejects(
    () => prepared({ ...none, perceptual: "relu1_2", vggWeights: "none" }, 8),
    /received none below --perceptual-from 32/,
  );
  await prepared({ ...none, pixelWeight: 1 }, 8);
});

Deno.test("prepare() asks for no weights where nothing perceptual will be trained, and tells where that is", async () => {
  const told: string[] = [];
  const listener = {
    log: (message: string) => void told.push(message),
    progress: (_: number, message: string) => assert.fail(message),
    signal: new AbortController().signal,
  };
  for (const values of [{ perceptual: "none" }, { resolution: 16 }]) {
    const missing = "/absent/weights"; // would throw if it was read
    const [run, config] = resolveConfig([runSchema, plugin.config], [
      { from: "test", values: { vggWeights: missing, ...values } },
    ]);
    await plugin.prepare!({ config, run, ...listener });
  }
  assert.deepEqual(told, [
    "No features are compared up to 16 px, where this run ends: --perceptual-from is 32",
  ]);
  const [run, config] = resolveConfig([runSchema, plugin.config], [
    { from: "test", values: { vggWeights: "/absent/weights" } },
  ]);
  await assert.rejects(() => plugin.prepare!({ config, run, ...listener }), /--vgg-weights/);
});

Deno.test(
  "a sample grid shows low, bicubic, ours and real of each held-out image, in this " +
    "order",
  () => {
    const [config] = resolveConfig([plugin.config], [{ from: "test", values: tiny }]);
    const model = createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
    const shape = [3, 8, 8, 3];
    const batch = { images: { data: pattern(576, 3, 0.5), shape } };
    tf.tidy(() => {
      const request = { latents: null, batch, count: 9, alpha: 1 };
      const { images, columns, drawn } = srPreview(model, request, 2);
      // two pictures fit into 9 cells
      assert.deepEqual([images.shape, columns], [[2 * CELLS.length, 8, 8, 3], CELLS.length]);
      assert.deepEqual(drawn, [2]);
      const real = tf.tensor4d(batch.images.data, [3, 8, 8, 3]);
      const low = reduce(real, 2, "bicubic");
      const expected = {
        low: tf.image.resizeNearestNeighbor(low, [8, 8]),
        bicubic: enlarge(low, 2),
        ours: model.enlarge(low, 1),
        real,
      };
      for (const i of [0, 1]) {
        CELLS.forEach((name, cell) => {
          const difference = tf.sub(
            images.slice([4 * i + cell], [1]),
            expected[name].slice([i], [1]).clipByValue(-1, 1),
          );
          assert(tf.max(tf.abs(difference)).dataSync()[0]! < 1e-6, `${name} of image ${i}`);
        });
      }
    });
  },
);

Deno.test(
  "measure() refuses a resolution that the checkpoint has not reached, and a run of " +
    "another plugin",
  async () => {
    const [config] = resolveConfig([plugin.config], [{ from: "test", values: tiny }]);
    const model = createProganSr(config, { seed: 1, startResolution: 8, channels: 3 });
    const run = {
      id: "00003-sr",
      plugin: "progan-sr",
      model,
      context: { alpha: 1, config, phase: { resolution: 16 } },
      withAverage: <T>(fn: () => T) => fn(),
    } as unknown as OpenedRun<ProganSrModel>; // what measure() reads
    const dataset = { info: { heldOutCount: 0 } } as Dataset; // rejected before it is opened
    const options = { count: 1, progress() {}, signal: new AbortController().signal };
    await assert.rejects(
      () => plugin.measure!(run, dataset, { ...options, resolution: 32 }),
      /00003-sr at 32 px.*received one at 16 px.*--resume 00003-sr/,
    );
    await assert.rejects(
      () => plugin.measure!({ ...run, plugin: "sketch" }, dataset, options),
      /one of sketch/,
    );
  },
);
