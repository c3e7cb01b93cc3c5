import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { hostStepRandom, philox, randomUniform } from "../../../random.ts";
import { selectBackend } from "../../mod.ts";

Deno.test("philox() gives the known answers of Random123 (kat_vectors, philox4x32 10)", () => {
  const hex = (words: readonly number[]) => words.map((word) => word.toString(16).padStart(8, "0"));
  const ones = 0xffffffff;
  assert.deepEqual(hex(philox([0, 0, 0, 0], [0, 0])), [
    "6627e8d5",
    "e169c58d",
    "bc57ac4c",
    "9b00dbd8",
  ]);
  assert.deepEqual(hex(philox([ones, ones, ones, ones], [ones, ones])), [
    "408f276d",
    "41c83b0e",
    "a20bc7c6",
    "6d5451fd",
  ]);
});

Deno.test(
  "the host draws TensorFlow's very uniform numbers: any size, any draw, any " +
    "seed",
  async () => {
    const backend = await selectBackend({ name: "tensorflow" });
    const shapes = [[1], [3], [4], [5], [1031], [2, 3, 7]];
    const compiled = backend.compile(
      "uniforms",
      () => Object.fromEntries(shapes.map((shape, i) => [String(i), randomUniform(shape)])),
    );
    for (const seed of [[0, 0], [1, 2], [0xffffffff, 0x80000000]] as const) {
      const drawn = await compiled.run({}, seed), host = hostStepRandom(seed);
      shapes.forEach((shape, i) => {
        const expected = host.uniform(shape, i);
        assert.deepEqual(drawn[i]!.dataSync(), expected.dataSync());
        expected.dispose();
      });
      tf.dispose(drawn);
    }
    compiled.dispose();
  },
);
