/** An add-on with its own optimizer and learning-rate schedule. */
import assert from "node:assert/strict";
import { applyUpdate, createSlots, definePlugin, field, object, tf } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import type { RunEvent } from "../../core/events.ts";
import { createWorkbench } from "../../core/testing/workbench.ts";
import { testPlugin } from "../../core/testing/mod.ts";

const MOMENTUM = 0.9;

/**
 * Stochastic gradient descent with momentum, half the learning rate for the discriminator, and a
 * warm-up.
 */
const plugin = definePlugin({
  name: "own-optimizer",
  description: "Momentum, after a warm-up",
  kind: "add-on",
  config: object({ warmUp: field.integer("Images", 16, { minimum: 1 }) }),
  hooks: {
    optimizer(_context, _network, variables) {
      const store = createSlots("momentum", ["velocity"], []);
      store.sync(variables);
      return {
        name: "momentum",
        apply(gradients, learningRate) {
          applyUpdate(gradients, store, learningRate, ({ weights, gradient, slots, rate }) => {
            const velocity = tf.add(tf.mul(slots[0]!, MOMENTUM), gradient); // named above
            return [tf.sub(weights, tf.mul(velocity, rate)), velocity];
          });
        },
        slots: store.all,
        reset: store.reset,
        sync: store.sync,
        dispose: store.dispose,
      };
    },
    learningRate({ config, imagesSeen }, rate, network) {
      const warm = Math.min(1, (imagesSeen + 1) / config.warmUp);
      return rate * warm * (network === "discriminator" ? 0.5 : 1);
    },
  },
});

testPlugin(plugin);

Deno.test(
  "a plugin's optimizer moves weights by its own rule, at the rates of its own " +
    "schedule",
  async () => {
    const backend = await selectBackend({ name: "cpu" });
    const path = "discriminator/score/bias";
    let gradient: Float32Array | undefined;
    const spy = definePlugin({
      name: "spy",
      description: "Keeps a gradient",
      kind: "add-on",
      config: object({}),
      hooks: {
        gradients(_context, gradients, { network }) {
          const own = gradients[path];
          // "cpu" runs eagerly
          if (network === "discriminator" && own) gradient ??= own.dataSync() as Float32Array;
          return gradients;
        },
      },
    });
    // its own options only
    const bench = createWorkbench(plugin as never, { values: { learningRate: 0.1 } });
    const training = bench.training(backend, { extra: spy as never });
    try {
      const weight = training.network("discriminator").trainable().find((v) => v.path === path)!;
      const before = weight.variable.dataSync()[0]!;
      await bench.cycles(training, 1);
      const rate = 0.1 * (1 / 16) * 0.5 * weight.learningRateMultiplier;
      const expected = before - rate * gradient![0]!;
      assert(Math.abs(weight.variable.dataSync()[0]! - expected) < 1e-6);
      const slots = training.optimizers.discriminator.slots();
      assert(slots.length > 0 && slots.every((slot) => slot.path.startsWith("momentum/")));
    } finally {
      training.dispose();
    }
  },
);

Deno.test("both learning rates are charted where a plugin makes them differ", async () => {
  const backend = await selectBackend({ name: "cpu" });
  const bench = createWorkbench(plugin as never, { values: { learningRate: 0.1 } }); // as above
  const training = bench.training(backend);
  try {
    const progress = (await bench.live(training))
      .filter((e): e is Extract<RunEvent, { type: "progress" }> => e.type === "progress");
    const last = progress.at(-1)!.values;
    assert.equal(last["learning_rate"], 0.1);
    assert.equal(last["learning_rate/discriminator"], 0.05);
    assert(progress[0]!.values["learning_rate"]! < 0.1);
  } finally {
    training.dispose();
  }
});
