import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { NodeJSKernelBackend } from "tfjs-node/nodejs_kernel_backend.js";
import { selectBackend } from "../../mod.ts";
import type { TensorFunction } from "../../types.ts";

const backend = await selectBackend({ name: "tensorflow" });
const node = tf.backend() as unknown as NodeJSKernelBackend; // the TensorFlow backend's
const handles = () => node.getNumOfTFTensors();

/** A product that takes a while to compute. */
const product: TensorFunction = ({ x }) => ({ y: tf.matMul(tf.matMul(x!, x!), x!) });

Deno.test("a function that is disposed while it runs is released afterwards", async () => {
  const x = tf.tidy(() => tf.mul(tf.ones([300, 300]), 0.01)), before = handles();
  for (let i = 0; i < 10; i++) {
    const compiled = backend.compile("product", product);
    tf.dispose(await compiled.run({ x }, [0, 0]));
    const running = compiled.run({ x }, [0, 0]), next = compiled.run({ x }, [0, 0]);
    await new Promise((resolve) => setTimeout(resolve, i % 3)); // it runs on its thread
    compiled.dispose();
    compiled.dispose();
    const refused = assert.rejects(compiled.run({ x }, [0, 0]), /received a disposed one/);
    for (const { y } of await Promise.all([running, next])) {
      assert.ok(Math.abs(y!.dataSync()[0]! - 300 ** 2 * 0.01 ** 3) < 1e-4);
      y!.dispose();
    }
    await refused; // its turn comes after the release
  }
  assert.equal(handles(), before);
  x.dispose();
});

Deno.test("a function that can't be built leaves no handle behind", async () => {
  const kept = tf.neg(tf.ones([2])), before = handles(), tensors = tf.memory().numTensors;
  const untyped = backend.compile("untyped", () => {
    const place = tf.scalar(0, "int32");
    // a graph needs types
    return { y: tf.neg(node.executeSingleOutput("ExpandDims", [], [kept, place])) };
  });
  await assert.rejects(untyped.run({}, [0, 0]), /Cannot import the graph/);
  assert.equal(handles(), before);
  let calls = 0;
  const throwing = backend.compile("throwing", () => {
    if (++calls === 2) throw new Error("the second time");
    return { y: tf.neg(kept) };
  });
  await assert.rejects(throwing.run({}, [0, 0]), /the second time/);
  assert.equal(handles(), before);
  assert.equal(tf.memory().numTensors, tensors);
  kept.dispose();
});

Deno.test("a run that refuses a disposed input leaves nothing behind", async () => {
  const x = tf.neg(tf.ones([2])), gone = tf.ones([2]);
  const compiled = backend.compile("negative", ({ x }) => ({ y: tf.neg(x!) }));
  tf.dispose(await compiled.run({ x }, [0, 0]));
  gone.dispose();
  const before = handles(), tensors = tf.memory().numTensors;
  await assert.rejects(compiled.run({ x: gone }, [0, 0]), /received an input that was disposed/);
  assert.equal(handles(), before);
  assert.equal(tf.memory().numTensors, tensors);
  compiled.dispose();
  x.dispose();
});
