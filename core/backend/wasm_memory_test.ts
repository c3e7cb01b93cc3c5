import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { isOutOfMemory } from "./memory.ts";
import { selectBackend } from "./mod.ts";

Deno.test(
  "on wasm what finds no memory is an error, and what comes after it is computed " +
    "right",
  async () => {
    await selectBackend({ name: "wasm" });
    const x = tf.range(0, 8), before = tf.memory().numTensors;
    // The heap can grow to 4 GiB, part of which the module itself uses; its allocator reads 2^34
    // bytes as 0.
    const { wasm } = tf.backend() as unknown as { wasm: { _malloc(bytes: number): number } };
    for (const bytes of [4_294_900_000, 2 ** 34]) {
      assert.throws(() => wasm._malloc(bytes), (error) => {
        assert.ok(isOutOfMemory(error));
        assert.match(String(error), new RegExp(`expected ${bytes} more bytes`));
        return true;
      });
    }
    assert.throws(
      () => tf.tidy(() => tf.tile(x.reshape([8, 1]), [1, 2 ** 29])),
      (error) => isOutOfMemory(error),
    );
    assert.equal(tf.memory().numTensors, before);
    const squares = tf.square(x);
    assert.deepEqual([...await squares.data()], [0, 1, 4, 9, 16, 25, 36, 49]);
    tf.dispose([x, squares]);
  },
);
