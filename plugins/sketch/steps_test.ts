import assert from "node:assert/strict";
import { type Backend, tf } from "../../core/mod.ts";
import { selectBackend } from "../../core/backend/mod.ts";
import { createNetworkStep } from "../../core/trainer/mod.ts";
import { placedBatch, testBatch, testTraining } from "./test_run.ts";

/** Values of some steps at `imagesSeen`, by network. */
async function steps(
  backend: Backend,
  values: Record<string, unknown>,
  imagesSeen: number,
  count = 2,
) {
  const training = testTraining(backend, values);
  training.counters.imagesSeen = imagesSeen;
  training.enterPhase();
  const { resolution } = training.position().phase;
  const terms = training.driver.losses();
  const batchOf = values.layout === "boxes" ? placedBatch : testBatch;
  const networks = {
    discriminator: createNetworkStep(training, { network: "discriminator", terms }),
    generator: createNetworkStep(training, { network: "generator", terms }),
  };
  const out: Record<string, Record<string, number>> = {};
  for (let i = 0; i < count; i++) {
    const tensors = Object.fromEntries(
      Object.entries(batchOf(resolution, i)).map(([name, { data, shape }]) => [
        name,
        tf.tensor(data, shape, data instanceof Int32Array ? "int32" : "float32"),
      ]),
    );
    for (const network of ["discriminator", "generator"] as const) {
      out[`${network} ${i}`] = await networks[network].run(tensors);
    }
    tf.dispose(tensors);
  }
  for (const step of Object.values(networks)) step.dispose();
  training.dispose();
  return out;
}

const CASES: [string, Record<string, unknown>, number][] = [
  ["of R1 while 8 px fades in", { sparsity: 0.5 }, 24],
  [
    "of BCE minimax with a 1-centred penalty and every stabilizer at 8 px",
    {
      loss: "bce_minimax",
      penalty: "dragan",
      labelSmoothing: 0.1,
      labelFlips: 0.1,
      instanceNoise: 0.2,
      criticSees: "merge",
      layers: 2,
    },
    36,
  ],
  ["of boxes and ends while 8 px fades in", { layout: "boxes", criticSees: "merge" }, 24],
  ["of WGAN-GP without a latent at 4 px", { loss: "wgan", penalty: "wgan_gp", latent: false }, 0],
];

for (const [name, values, imagesSeen] of CASES) {
  Deno.test(`recorded steps are the eager ones, ${name}`, async () => {
    const eager = await steps(await selectBackend({ name: "cpu" }), values, imagesSeen);
    const recorded = await steps(await selectBackend({ name: "tensorflow" }), values, imagesSeen);
    assert.deepEqual(Object.keys(recorded), Object.keys(eager));
    for (const [step, expected] of Object.entries(eager)) {
      const received = recorded[step]!;
      assert.deepEqual(Object.keys(received), Object.keys(expected), step);
      for (const [term, value] of Object.entries(expected)) {
        const error = Math.abs(received[term]! - value) / Math.max(1, Math.abs(value));
        assert.ok(error < 1e-3, `${step}, ${term}: expected ${value}, received ${received[term]}`);
      }
    }
  });
}

Deno.test("boxes and ends are learned from the sketch as a whole", async () => {
  const backend = await selectBackend({ name: "tensorflow" });
  const out = await steps(backend, { layout: "boxes", learningRate: 0.02 }, 0, 60);
  const mean = (from: number, name: string) => {
    const values = Array.from({ length: 10 }, (_, i) => out[`generator ${from + i}`]![name]!);
    return values.reduce((a, b) => a + b) / 10 / 0.1; // 10 steps, divided by the weight of 0.1
  };
  // Each batch has other boxes: the density improves by at least 0.3 nats by learning where they
  // lie.
  const [before, after] = [mean(0, "term/box"), mean(50, "term/box")];
  assert.ok(after < before - 0.3, `${before}, ${after}`);
  assert.ok(mean(50, "term/end") < 0.6 * mean(0, "term/end")); // the class predicts it
});

Deno.test("the part's class is learned from the partial sketch", async () => {
  const backend = await selectBackend({ name: "tensorflow" });
  const values = { partOrder: 1, learningRate: 0.02 };
  const out = await steps(backend, values, 0, 20);
  assert.ok(
    out["generator 19"]!["term/part_order"]! < 0.5 * out["generator 0"]!["term/part_order"]!,
  );
});
