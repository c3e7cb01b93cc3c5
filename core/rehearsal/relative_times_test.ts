import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { selectBackend } from "../backend/mod.ts";
import { object } from "../config/mod.ts";
import { createParameters, zeros } from "../layers/mod.ts";
import { definePlugin } from "../plugin/mod.ts";
import { asPlugin } from "../testing/workbench.ts";
import { trainingOf } from "../trainer/test_training.ts";
import { optionsOf } from "../trainer/mod.ts";
import { relativeTimesOf } from "./relative_times.ts";

const WEIGHTS = 3 * 3 * 2 * 2; // of a resolution's kernel
const MATRIX = 5;

/** A model of a matrix, and one kernel per resolution; it can't grow beyond 16 px. */
const model = definePlugin({
  name: "kernels",
  description: "For a test",
  kind: "model",
  config: object({}),
  build() {
    const generator = createParameters("generator", 1);
    generator.variable("matrix", [MATRIX, 1], zeros);
    generator.variable("still", [2, 2, 9, 9], zeros, { trainable: false });
    generator.scope("4px").variable("kernel", [3, 3, 2, 2], zeros);
    return {
      ...{ generator, discriminator: createParameters("discriminator", 1), latentSize: 1 },
      generate: () => tf.zeros<tf.Rank.R4>([1, 4, 4, 3]),
    };
  },
  hooks: {
    losses: () => [],
    grow({ model }, resolution) {
      if (resolution > 16) throw new Error("It is large enough");
      model.generator.scope(`${resolution}px`).variable("kernel", [3, 3, 2, 2], zeros);
    },
  },
});

Deno.test(
  "relative times follow the multiply-adds of the weights, up to the resolution that fails",
  async () => {
    const backend = await selectBackend({ name: "cpu" });
    const training = trainingOf(backend, asPlugin(model), {
      ...{ resolution: 32, startResolution: 4, batch: 4 },
    });
    const before = tf.memory().numTensors;
    const times = relativeTimesOf(optionsOf(training));
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual([...times.keys()], [4, 8, 16]);
    [16, 16 + 64, 16 + 64 + 256].forEach((places, i) => {
      const expected = (MATRIX + WEIGHTS * places) ** 0.8;
      assert.ok(Math.abs(times.get(4 * 2 ** i)! / expected - 1) < 1e-12);
    });
    training.dispose();
  },
);
