import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { randomNormal } from "../random.ts";
import { selectBackend } from "./mod.ts";

for (const name of ["cpu", "wasm"] as const) {
  const make = async (value: number) => {
    const backend = await selectBackend({ name });
    const v = tf.tidy(() => tf.variable(tf.scalar(value), true, `${name}/eager`));
    return { backend, v };
  };

  Deno.test(`${name}: run() assigns variables, draws by the seed, and leaves nothing`, async () => {
    const { backend, v } = await make(1);
    const compiled = backend.compile("step", ({ x }) => {
      v.assign(tf.add(v, x!));
      return { noise: randomNormal([4]), x: x!, v };
    });
    const x = tf.scalar(2), before = tf.memory().numTensors;
    const first = await compiled.run({ x }, [1, 2]), second = await compiled.run({ x }, [1, 2]);
    const other = await compiled.run({ x }, [1, 3]);
    assert.deepEqual(first.noise!.dataSync(), second.noise!.dataSync());
    assert.notDeepEqual(first.noise!.dataSync(), other.noise!.dataSync());
    assert.deepEqual([first.v!.dataSync()[0], other.v!.dataSync()[0]], [3, 7]);
    tf.dispose([first, second, other]);
    assert.equal(tf.memory().numTensors, before);
    assert.equal(x.dataSync()[0], 2);
    assert.equal(compiled.recording, undefined);
    compiled.dispose();
    await assert.rejects(compiled.run({ x }, [0, 0]), /received a disposed one/);
    tf.dispose([x, v]);
  });

  Deno.test(`${name}: a call that throws changes no variable`, async () => {
    const { backend, v } = await make(1);
    const before = tf.memory().numTensors;
    const compiled = backend.compile("fails", () => {
      v.assign(tf.add(v, 1));
      throw new Error("broken plugin");
    });
    await assert.rejects(compiled.run({}, [0, 0]), /broken plugin/);
    assert.equal(v.dataSync()[0], 1);
    assert.equal(tf.memory().numTensors, before);
    v.dispose();
  });
}
