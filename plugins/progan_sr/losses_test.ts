import assert from "node:assert/strict";
import { type EfficientNet, type RunConfig, type StepContext, tf } from "../../core/mod.ts";
import { resolveConfig, runSchema } from "../../core/config/mod.ts";
import { type ProganSrConfig, proganSrSchema } from "./config.ts";
import { proganSrLosses } from "./losses.ts";
import { createProganSr } from "./model.ts";
import { pattern, patternWeights } from "../../core/features/testdata/pattern.ts";

await tf.setBackend("cpu");

/** Computes differences of neighbours. */
const simpleNet = {
  stages: (x: tf.Tensor4D) => [tf.sub(x.slice([0, 1], [-1, 7]), x.slice([0, 0], [-1, 7])), x],
} as unknown as EfficientNet; // all that the term calls

const tiny = { channels: 4, criticBase: 32, criticMax: 4, criticMin: 4 };

function setUp(values: Record<string, unknown>) {
  const [run, config] = resolveConfig([runSchema, proganSrSchema], [
    { from: "test", values: { penalty: "none", ...tiny, ...values } },
  ]);
  const model = createProganSr(config as ProganSrConfig, {
    seed: 1,
    startResolution: 8,
    channels: 3,
  });
  const context = {
    run: run as RunConfig,
    config,
    phase: { start: 0, resolution: 8 },
    span: { start: 0, end: 1 },
    augment: (images: tf.Tensor4D) => images,
  } as unknown as Parameters<typeof proganSrLosses>[0]; // all that the terms read
  const memo = new Map<string, unknown>();
  const step = {
    network: "generator",
    tensors: { images: tf.tensor4d(pattern(4 * 8 * 8 * 3, 3, 1), [4, 8, 8, 3]) },
    size: 4,
    resolution: 8,
    alpha: tf.scalar(1),
    imagesSeen: tf.scalar(0),
    inputs: {},
    shared<T>(key: string, make: () => T): T {
      if (!memo.has(key)) memo.set(key, make());
      return memo.get(key) as T; // set by the same function
    },
    report() {},
  } satisfies StepContext<"images">;
  return { model, context, step };
}

Deno.test(
  "without frozen networks (below 32 px, or --perceptual none) there are the critic's terms, " +
    "and pixel if requested",
  () => {
    const names = (values: Record<string, unknown>) => {
      const { model, context } = setUp(values);
      return proganSrLosses(context, model, {}).map((term) => term.name);
    };
    assert.deepEqual(names({}), ["adversarial_d", "adversarial_g"]);
    assert.deepEqual(names({ pixelWeight: 1 }), ["adversarial_d", "adversarial_g", "pixel"]);
    assert.deepEqual(names({ loss: "wgan", penalty: "wgan_gp" }), [
      "adversarial_d",
      "adversarial_g",
      "wgan_gp",
    ]);
  },
);

Deno.test(
  "each term of the generator is its value times its weight, with a gradient by the " +
    "generator; only the adversarial one passes the critic",
  () => {
    const value = (values: Record<string, unknown>, name: string) => {
      const { model, context, step } = setUp(values);
      const terms = proganSrLosses(context, model, {
        vgg: patternWeights(),
        openEfficientNet: () => simpleNet,
      });
      const term = terms.find((t) => t.name === name)!; // one of the names below
      assert.equal(term.of, "generator");
      return tf.tidy(() => {
        const trained = model.generator.trainable().map(({ variable }) => variable);
        const { value, grads } = tf.variableGrads(() => term.value(step), trained);
        for (const [path, gradient] of Object.entries(grads)) {
          const size = tf.max(tf.abs(gradient)).dataSync()[0]!;
          assert(Number.isFinite(size), `${name} by ${path}`);
        }
        assert(Object.values(grads).some((g) => tf.max(tf.abs(g)).dataSync()[0]! > 0), name);
        const judges = model.discriminator.trainable().map(({ variable }) => variable);
        // the first gradient has freed the shared tensors
        const fresh: StepContext<"images"> = { ...step, shared: (_key, make) => make() };
        const byCritic = () => tf.variableGrads(() => term.value(fresh), judges);
        if (name === "adversarial_g") byCritic();
        else assert.throws(byCritic, /Cannot find a connection/, name);
        return value.dataSync()[0]!;
      });
    };
    for (
      const [name, key] of [
        ["adversarial_g", "adversarialWeight"],
        ["perceptual", "perceptualWeight"],
        ["features", "featuresWeight"],
        ["pixel", "pixelWeight"],
      ] as const
    ) {
      const one = value({ pixelWeight: 1, [key]: 1 }, name);
      const quarter = value({ pixelWeight: 1, [key]: 0.25 }, name);
      assert(
        one !== 0 && Math.abs(quarter - one / 4) < 1e-6 * Math.abs(one),
        `${name}: ${one}, ${quarter}`,
      );
    }
  },
);
